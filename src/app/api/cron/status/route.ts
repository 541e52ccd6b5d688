import { cronRoute } from '../../../../server/guard.ts';
import { runStatus } from '../../../../server/triggers.ts';
import { cronAnswer } from '../cron-answer.ts';

const run = cronRoute(async ({ deps }) => cronAnswer(await runStatus(deps)));

export { run as GET, run as POST };
