import { cronRoute } from '../../../../server/guard.ts';
import { runAlerts } from '../../../../server/triggers.ts';
import { cronAnswer } from '../cron-answer.ts';

const run = cronRoute(async ({ deps }) => cronAnswer(await runAlerts(deps)));

export { run as GET, run as POST };
