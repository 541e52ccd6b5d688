import { eventsQuery } from '../../../../contract/event.ts';
import { guarded, parseQuery } from '../../../../server/guard.ts';
import { listEvents } from '../../../../services/accounts/list-events.ts';

/** One page of what changed, oldest first. */
export const GET = guarded('accounts:read', async ({ request, actor, deps }) => {
  const query = parseQuery(eventsQuery, request);
  return Response.json(await listEvents(deps, actor, query));
});
