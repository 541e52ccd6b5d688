import { guarded, notFound } from '../../../../server/guard.ts';
import { readLiveTicket } from '../../../../services/live/read-live-ticket.ts';
import { jarOfHeader } from '../../../../services/members/cookie-jar.ts';

/** For an open screen that hears news by Supabase Realtime. */
export const GET = guarded('accounts:read', async ({ actor, deps, request }) => {
  const ticket = await readLiveTicket(deps, actor, jarOfHeader(request.headers.get('cookie')));
  if (ticket === null) throw notFound('News do not come by Supabase Realtime here.');
  return Response.json(ticket);
});
