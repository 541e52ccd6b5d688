import { guarded } from '../../../../server/guard.ts';
import { countOpen } from '../../../../services/alerts/count-open.ts';

/** The mark beside "Alerts", for pages that are already open. */
export const GET = guarded('alerts:read', async ({ actor, deps }) =>
  Response.json({ open: await countOpen(deps, actor) }),
);
