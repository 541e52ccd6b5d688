import type { AccountSource } from '../../ports/account-source.ts';
import { listConnections, type Connection } from '../../store/connections.ts';
import { listDueMetrics, type Cadence } from '../../store/metrics.ts';
import { judgeConnection } from './judge-connection.ts';
import { readStories } from './read-stories.ts';
import { recordMetrics } from './record-metrics.ts';
import { runCycle, type Cycle, type CycleOutcome, type PollDeps, type Tally } from './run-cycle.ts';

const minuteMs = 60_000;
// A little below the round figure, so that a read that comes a second early is not put off for a whole cycle.
const cadence: Cadence = { adsMs: 14.5 * minuteMs, limitMs: 59.5 * minuteMs, downMs: 59.5 * minuteMs };

/**
 * Reads today's figures of every account in batches, and what else is due of it (ads, daily limit, first history). Each
 * batch is one transaction. Accounts of a connection whose token is dead are left out and counted nowhere.
 */
export async function pollMetrics(deps: PollDeps): Promise<CycleOutcome> {
  const outcome = await runCycle(deps, 'metrics', deps.settings.metricsMs, async (cycle, tally) => {
    const connections = await listConnections(deps.database.sql);
    await Promise.all(
      connections.map(async (connection) => {
        const source = connection.state === 'ok' ? deps.sourceOf(connection) : null;
        if (source !== null) await pollConnection(deps, cycle, tally, connection, source);
      }),
    );
  });
  if (outcome.outcome === 'ran') await readStories(deps);
  return outcome;
}

async function pollConnection(
  deps: PollDeps,
  cycle: Cycle,
  tally: Tally,
  connection: Connection,
  source: AccountSource,
): Promise<void> {
  const { database, log } = deps;
  const requests = await listDueMetrics(database.sql, connection.id, cycle.now(), cadence);
  const counts = { attempted: requests.filter(({ wants }) => wants.today).length, succeeded: 0 };
  const batches = source.readMetrics(requests, cycle.now(), cycle.signal);
  let stopped;
  for (;;) {
    const step = await batches.next();
    if (step.done) {
      stopped = step.value;
      break;
    }
    const recorded = await recordMetrics(database, {
      claim: cycle.claim,
      slotAt: cycle.slotAt,
      readings: step.value,
      at: cycle.now(),
    });
    counts.succeeded += recorded.read;
    tally.changed += recorded.changed;
    for (const { accountId, aspect, failure } of recorded.failures) {
      if (aspect === 'today') tally.fail(failure.kind);
      const fields = {
        connection: connection.name,
        accountId,
        aspect,
        kind: failure.kind,
        detail: failure.detail,
      };
      // A limit that Meta does not tell is everyday life, not a trouble.
      if (aspect === 'limit' && failure.kind === 'request') log.info('limit not told', fields);
      else log.warn('figures not read', fields);
    }
  }
  deps.stopSignal?.throwIfAborted();
  tally.attempted += counts.attempted;
  tally.succeeded += counts.succeeded;
  tally.usage.push(source.takeUsage());
  // Whether a token is dead is the sweep's to find out; here it only explains the rate.
  if (stopped?.kind !== 'token') await judgeConnection(deps, connection, stopped, counts, cycle.now());
}
