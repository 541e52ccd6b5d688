import { archiveOldDays } from '../services/upkeep/archive-old-days.ts';
import { fetchRates } from '../services/rates/fetch-rates.ts';
import { hourlyBackup } from '../services/upkeep/back-up.ts';
import type { Deps } from './house.ts';

type Stoppable = Deps & { stopSignal?: AbortSignal };

/** Archives and drops what is due. A failure is logged: the daily run's own work is done by then. */
export async function keepArchive(deps: Stoppable): Promise<void> {
  const { keeping, stopSignal, log } = deps;
  if (keeping.archive === null) return;
  const deadline = AbortSignal.timeout(keeping.longestRunMs);
  const signal = stopSignal === undefined ? deadline : AbortSignal.any([deadline, stopSignal]);
  try {
    await archiveOldDays({ ...deps, archive: keeping.archive, signal });
  } catch (error) {
    if (stopSignal?.aborted !== true) log.error('archiving broken off', { error: String(error) });
  }
}

/** The function for the scheduler's timer; null where this process makes no backups. */
export function startBackups(
  { keeping, clock, log }: Deps,
  signal: AbortSignal,
): (() => Promise<void>) | null {
  if (!keeping.isHourly || keeping.backups === null) return null;
  return hourlyBackup({ ...keeping.backups, clock, log, signal });
}

const ratesEveryMs = 3 * 3_600_000;

/** The function for the scheduler's timer: asks for the day's exchange rates every three hours until they are there. */
export function startRates(deps: Deps, signal: AbortSignal): () => Promise<void> {
  let notBeforeMs = -Infinity;
  return async () => {
    const elapsedMs = deps.clock.monotonicMs();
    if (elapsedMs < notBeforeMs) return;
    notBeforeMs = elapsedMs + ratesEveryMs;
    await fetchRates(deps, signal);
  };
}
