import type { AccountId } from '../../domain/account.ts';
import { listReaders } from '../../store/accounts.ts';
import { listConnections } from '../../store/connections.ts';
import { readStories } from './read-stories.ts';
import { recordStatuses } from './record-statuses.ts';
import type { PollDeps } from './run-cycle.ts';
import { sharePauses } from './share-pauses.ts';

const timeLimitMs = 20_000;

/**
 * Reads the status of single accounts at once, beside the sweeps, each through the connection that reads it. Throws when
 * nothing of a connection could be read; an account that Meta refuses is left to the next sweep to judge.
 */
export async function readNow(deps: PollDeps, accountIds: readonly AccountId[]): Promise<void> {
  const { database, clock, log } = deps;
  const at = await clock.now();
  const startedMs = clock.monotonicMs();
  const limit = AbortSignal.timeout(timeLimitMs);
  const signal = deps.stopSignal === undefined ? limit : AbortSignal.any([limit, deps.stopSignal]);
  const turn = { signal, now: () => Math.round(at + clock.monotonicMs() - startedMs) };
  const readers = await listReaders(database.sql, accountIds);
  let changed = 0;
  for (const connection of await listConnections(database.sql)) {
    const own = readers.filter(({ connectionId }) => connectionId === connection.id);
    const source = own.length > 0 && connection.state === 'ok' ? await deps.sourceOf(connection) : null;
    if (source === null) continue;
    await sharePauses(database.sql, connection, source, turn.now());
    const pages = source.readStatuses(
      own.map(({ accountId }) => accountId),
      turn,
    );
    for (;;) {
      const step = await pages.next();
      if (step.done) {
        if (step.value !== null) throw new Error(`${connection.name}: ${step.value.detail}`);
        break;
      }
      const { readings, failures, askedAt } = step.value;
      for (const { accountId, failure } of failures)
        log.warn('status not read', { accountId, kind: failure.kind, detail: failure.detail });
      const page = { claim: null, connectionId: connection.id, readings, askedAt, at: turn.now() };
      changed += (await recordStatuses(database, page)).changed;
    }
  }
  if (changed > 0) await readStories(deps);
}
