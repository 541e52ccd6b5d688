import { sendAlerts } from '../services/alerts/send-alerts.ts';
import { readNow } from '../services/poll/read-now.ts';
import { startHintReader } from './hint-reader.ts';
import type { Deps } from './house.ts';
import { startBackups, startRates } from './upkeep.ts';
import { sweepStatus } from '../services/poll/sweep-status.ts';
import { keepConnections, keepDigest, readFigures, runDaily } from './triggers.ts';

const longestPauseMs = 60_000;

/**
 * The timers of a self-hosted process. Each knocks at least once a minute; the slot decides whether there is anything to do,
 * so that a slot which a killed process left half done is taken up again. Returns a function that stops them and waits.
 */
export function startScheduler(house: Deps): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const deps = { ...house, stopSignal: signal };
  const { sweepMs, metricsMs } = deps.settings;
  const sender = startSender(deps, signal);
  const sweeps = knock(
    deps,
    'status',
    sweepMs,
    0.1,
    () => sweepStatus(deps, sender.wake).finally(sender.wake),
    signal,
  );
  const backUp = startBackups(deps, signal);
  const loops = [
    sweeps.ended,
    // The first sweep finds the accounts; a metrics cycle before it would spend its slot on nothing.
    sweeps.ranOnce.then(
      () =>
        knock(deps, 'metrics', metricsMs, 0.2, () => readFigures(deps).finally(sender.wake), signal).ended,
    ),
    knock(deps, 'daily', longestPauseMs, 0.5, () => runDaily(deps), signal).ended,
    knock(deps, 'connections', longestPauseMs, 0.7, () => keepConnections(deps, 'due', signal), signal).ended,
    knock(
      deps,
      'digest',
      longestPauseMs,
      0.3,
      async () => {
        if (await keepDigest(deps)) sender.wake();
      },
      signal,
    ).ended,
    knock(deps, 'rates', longestPauseMs, 0.9, startRates(deps, signal), signal).ended,
    backUp === null ? undefined : knock(deps, 'backup', longestPauseMs, 0.7, backUp, signal).ended,
    sender.ended,
  ];
  const hints = startHintReader({
    ...deps,
    readNow: (accountIds) => readNow(deps, accountIds).finally(sender.wake),
  }).catch((error: unknown) => {
    deps.log.error('hints are not heard', { error: String(error) });
    return async () => {};
  });
  return async () => {
    stopping.abort();
    await Promise.all([...loops, hints.then((stop) => stop())]);
  };
}

interface Knocking {
  /** Settles after the first run, whether it succeeded or not. */
  ranOnce: Promise<void>;
  ended: Promise<void>;
}

/** Calls `run` now and then once per interval, at a fixed share of it, so that not everything happens at :00. */
function knock(
  { clock, log }: Deps,
  name: string,
  intervalMs: number,
  share: number,
  run: () => Promise<unknown>,
  signal: AbortSignal,
): Knocking {
  const everyMs = Math.min(intervalMs, longestPauseMs);
  /** Runs once and answers how long to wait. */
  async function once(): Promise<number> {
    if (signal.aborted) return 0;
    try {
      await run();
      return untilNext(await clock.now(), everyMs, everyMs * share);
    } catch (error) {
      log.error('cycle failed', { cycle: name, error: String(error) });
      return everyMs / 4;
    }
  }
  const first = once();
  async function goOn(): Promise<void> {
    for (let waitMs = await first; !signal.aborted; waitMs = await once()) {
      await clock.sleep(waitMs, signal);
      if (signal.aborted) return;
    }
  }
  return { ranOnce: first.then(() => undefined), ended: goOn() };
}

/** Milliseconds until the next moment that is `offsetMs` past a multiple of `everyMs`. */
function untilNext(now: number, everyMs: number, offsetMs: number): number {
  const past = (now - offsetMs) % everyMs;
  return everyMs - past;
}

/** Sends what is due whenever it is due: after each cycle, and a retry at its own time. A backlog holds up no sweep. */
function startSender(deps: Deps, signal: AbortSignal): { wake: () => void; ended: Promise<void> } {
  const { clock, log } = deps;
  let sleeping = new AbortController();
  async function send(): Promise<void> {
    while (!signal.aborted) {
      sleeping = new AbortController();
      let waitMs = longestPauseMs / 4;
      try {
        const { nextDueAt } = await sendAlerts(deps, { signal });
        waitMs = nextDueAt === null ? longestPauseMs : nextDueAt - (await clock.now());
      } catch (error) {
        log.error('delivery failed', { error: String(error) });
      }
      // Woken while it was sending, it goes round at once.
      await clock.sleep(
        Math.min(longestPauseMs, Math.max(250, waitMs)),
        AbortSignal.any([signal, sleeping.signal]),
      );
    }
  }
  return { wake: () => sleeping.abort(), ended: send() };
}
