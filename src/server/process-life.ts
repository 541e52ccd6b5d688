import type { Log } from '../ports/log.ts';
import { isUnderNpm } from './config.ts';

const stopWithinMs = 9000;
const watchEveryMs = 500;

/** A step to be undone when the process ends. */
export type Step = () => Promise<void>;

/** Runs `begin`, which says step by step what is to be undone, and lives on until a signal ends it, within ten seconds. */
export async function live(log: Log, begin: (undo: Step[]) => Promise<void>): Promise<void> {
  // Undone in the opposite order; a step that hangs is cut off by the limit above.
  const undo: Step[] = [];
  let stopping: Promise<void> | null = null;
  const stop = (why: string): Promise<void> =>
    (stopping ??= (async () => {
      log.info('stopping', { why });
      const limit = setTimeout(() => {
        log.error('stopped at the limit', { stopWithinMs });
        process.exit(1);
      }, stopWithinMs);
      for (const step of undo.reverse())
        await step().catch((error: unknown) => log.error('stop', { error: String(error) }));
      clearTimeout(limit);
    })());
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void stop(signal).then(() => process.exit(0)));
  endWithNpm();
  try {
    await begin(undo);
  } catch (error) {
    await stop('start failed');
    throw error;
  }
}

/** npm and its shell end on a signal without passing it on, and would leave this process behind as an orphan. */
function endWithNpm(): void {
  if (!isUnderNpm) return;
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, watchEveryMs);
  watch.unref();
}
