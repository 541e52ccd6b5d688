import { cronRoute } from '../../../../server/guard.ts';
import { runDaily } from '../../../../server/triggers.ts';
import { cronAnswer } from '../cron-answer.ts';

const run = cronRoute(async ({ deps }) => cronAnswer(await runDaily(deps)));

export { run as GET, run as POST };
