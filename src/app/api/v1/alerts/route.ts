import { alertsQuery } from '../../../../contract/alert.ts';
import { guarded, parseQuery } from '../../../../server/guard.ts';
import { listAlerts } from '../../../../services/alerts/list-alerts.ts';

/** One page of alerts with what was sent of them, oldest first. */
export const GET = guarded('alerts:read', async ({ request, actor, deps }) => {
  const query = parseQuery(alertsQuery, request);
  return Response.json(await listAlerts(deps, actor, query));
});
