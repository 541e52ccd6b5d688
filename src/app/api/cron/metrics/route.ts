import { cronRoute } from '../../../../server/guard.ts';
import { runMetrics } from '../../../../server/triggers.ts';
import { cronAnswer } from '../cron-answer.ts';

const run = cronRoute(async ({ deps }) => cronAnswer(await runMetrics(deps)));

export { run as GET, run as POST };
