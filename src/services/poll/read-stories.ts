import { localDay } from '../../domain/calendar.ts';
import { listConnections } from '../../store/connections.ts';
import { announceChanged } from '../../store/live.ts';
import { listUntoldStories, writeStory } from '../../store/metrics.ts';
import type { PollDeps } from './run-cycle.ts';

const mostPerRun = 20;
const logKeptMs = 7 * 86_400_000;
const marginMs = 60 * 60_000;
const timeLimitMs = 15_000;

/**
 * Asks Meta's activity log when the accounts that have died really did, and how many clicks they had. The alert is long on
 * its way by then; where the log is silent or cannot be read, the time of detection stays.
 */
export async function readStories(deps: PollDeps): Promise<void> {
  const { database, clock, log } = deps;
  const untold = await listUntoldStories(database.sql, mostPerRun);
  if (untold.length === 0) return;
  const connections = new Map((await listConnections(database.sql)).map((c) => [c.id, c]));
  const at = await clock.now();
  const limit = AbortSignal.timeout(timeLimitMs);
  const signal = deps.stopSignal === undefined ? limit : AbortSignal.any([limit, deps.stopSignal]);
  await Promise.all(
    untold.map(async ({ accountNo, accountId, connectionId, timezone, stateSince }) => {
      const connection = connections.get(connectionId);
      const source = connection?.state === 'ok' ? deps.sourceOf(connection) : null;
      if (source === null) return;
      const since = (stateSince ?? at) - (stateSince === null ? logKeptMs : marginMs);
      const story = await source.readStory(accountId, since, signal);
      if (!story.ok) {
        log.warn('activity log not read', {
          accountId,
          kind: story.failure.kind,
          detail: story.failure.detail,
        });
        if (story.failure.kind === 'transient') return;
      }
      const { occurredAt, lifetimeClicks } = story.ok
        ? story.value
        : { occurredAt: null, lifetimeClicks: null };
      await database.transaction(async (sql) => {
        const occurredDay = occurredAt === null ? null : localDay(occurredAt, timezone);
        await writeStory(sql, accountNo, { occurredAt, occurredDay, lifetimeClicks, at });
        await announceChanged(sql, [accountId]);
      });
    }),
  );
}
