import { cronRoute } from '../../../../server/guard.ts';
import { runMetrics } from '../../../../server/triggers.ts';
import { cronAnswer } from '../cron-answer.ts';

/** Seconds that a platform gives it; the work ends by itself before. */
export const maxDuration = 60;

const run = cronRoute(async ({ deps }) => cronAnswer(await runMetrics(deps)));

export { run as GET, run as POST };
