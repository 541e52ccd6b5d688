import { utcDay } from '../domain/calendar.ts';
import { isAlive } from '../domain/cycle-report.ts';
import type { DeliveryReport } from '../services/alerts/deliver-due.ts';
import { judgeFleet } from '../services/alerts/judge-fleet.ts';
import { sendAlerts } from '../services/alerts/send-alerts.ts';
import { sendDigest } from '../services/alerts/send-digest.ts';
import { forgetHeard } from '../services/hints/forget-heard.ts';
import { adoptAccounts } from '../services/connections/adopt-accounts.ts';
import { checkTokens } from '../services/connections/check-tokens.ts';
import { pollMetrics } from '../services/poll/poll-metrics.ts';
import { runCycle, type CycleOutcome } from '../services/poll/run-cycle.ts';
import { sweepStatus } from '../services/poll/sweep-status.ts';
import { fetchRates } from '../services/rates/fetch-rates.ts';
import { removeEnded } from '../services/simulation/end-simulation.ts';
import { auditAccuracy } from '../services/upkeep/audit-accuracy.ts';
import { tidy } from '../services/upkeep/tidy.ts';
import { ensurePartitions } from '../store/snapshots.ts';
import type { Deps } from './house.ts';
import { keepArchive } from './upkeep.ts';

/**
 * What the clock sets off. The cron routes call the four `run…`; the self-hosted scheduler calls the same reading verbs and
 * leaves sending to a loop of its own. Slots make doubles harmless.
 */

export async function runStatus(deps: Deps): Promise<CycleOutcome> {
  const startedMs = deps.clock.monotonicMs();
  return sweepStatus(deps, () => deliverNow(deps, startedMs));
}

export async function runMetrics(deps: Deps): Promise<CycleOutcome> {
  const startedMs = deps.clock.monotonicMs();
  const outcome = await readFigures(deps);
  if (outcome.outcome === 'ran') await deliverNow(deps, startedMs);
  return outcome;
}

/**
 * One metrics cycle with what belongs around it: a place for its snapshots before, then a judgement of all accounts and a sign
 * of life. What went unread is judged as well, above all when the reading itself failed.
 */
export async function readFigures(deps: Deps): Promise<CycleOutcome> {
  await keepPartitions(deps, 2);
  const outcome = await pollMetrics(deps).catch(async (error: unknown) => {
    // Of two faults the reading's is the one to tell.
    await judgeFleet(deps).catch(() => {});
    throw error;
  });
  if (outcome.outcome === 'ran') await judgeFleet(deps);
  if (outcome.outcome === 'ran' && isAlive(outcome.report)) await beat(deps);
  return outcome;
}

const longestSendingMs = 20_000;
/** So that an outage is told by the very call that it has held up. */
const leastSendingMs = 2_000;

/** A platform ends a request after a minute. */
const longestCallMs = 58_000;

/** Sends what is due, but not for longer than a caller can wait; the rest goes out with the next run. */
async function deliverNow(deps: Deps, startedMs: number): Promise<DeliveryReport> {
  const left = longestCallMs - (deps.clock.monotonicMs() - startedMs);
  const sendingMs = Math.max(leastSendingMs, Math.min(longestSendingMs, Math.round(left)));
  return sendAlerts(deps, { signal: AbortSignal.timeout(sendingMs) });
}

const alertsEveryMs = 60_000;

export async function runAlerts(deps: Deps): Promise<CycleOutcome> {
  return runCycle(deps, {
    kind: 'alerts',
    intervalMs: alertsEveryMs,
    async run({ signal }, tally) {
      const startedMs = deps.clock.monotonicMs();
      await keepConnections(deps, 'due', signal);
      await keepDigest(deps);
      const { sent, retried, dead } = await deliverNow(deps, startedMs);
      tally.add({ attempted: sent + retried + dead, succeeded: sent });
    },
  });
}

const dayMs = 86_400_000;
const daysAhead = 14;

export async function runDaily(deps: Deps): Promise<CycleOutcome> {
  const outcome = await runCycle(deps, {
    kind: 'daily',
    intervalMs: dayMs,
    async run({ now, signal }) {
      await keepPartitions(deps, daysAhead);
      await auditAccuracy(deps, now());
      await tidy(deps, now());
      await forgetHeard(deps);
      await keepConnections(deps, 'all', signal);
      await fetchRates(deps, signal);
      const { archive } = deps.keeping;
      if (archive !== null) await removeEnded({ ...deps, archive, signal });
    },
  });
  // Outside of the slot: a day that could not be archived is tried again before the next one.
  await keepArchive(deps);
  return outcome;
}

/** Looks at the tokens whose time has come, or at all, and after accounts that a removed connection left behind. */
export async function keepConnections(deps: Deps, which: 'due' | 'all', signal: AbortSignal): Promise<void> {
  await checkTokens(deps, which, signal);
  await adoptAccounts(deps);
}

/** Looks at every token without holding up the start. Returns a function that ends it. */
export function checkAtStart(deps: Deps): () => Promise<void> {
  const ending = new AbortController();
  const checked = keepConnections(deps, 'all', ending.signal).catch((error: unknown) =>
    deps.log.error('tokens not checked', { error: String(error) }),
  );
  return async () => {
    ending.abort();
    await checked;
  };
}

/** Writes the digest of the day once it is time. */
export async function keepDigest(deps: Deps): Promise<boolean> {
  return sendDigest(deps, await deps.clock.now());
}

/** Makes sure that snapshots of today and the days after have a place. */
async function keepPartitions({ database, clock }: Deps, days: number): Promise<void> {
  await ensurePartitions(database.sql, utcDay(await clock.now()), days);
}

const heartbeatTimeoutMs = 10_000;

/** Tells the outside that a cycle has seen something; silence there is how blindness, or ArbHub's own death, is noticed. */
async function beat({ config, log }: Deps): Promise<void> {
  if (config.heartbeatUrl === null) return;
  try {
    await fetch(config.heartbeatUrl, { signal: AbortSignal.timeout(heartbeatTimeoutMs) });
  } catch {
    log.warn('heartbeat not taken');
  }
}
