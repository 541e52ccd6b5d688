import { boardQuery } from '../../../contract/account.ts';
import { guarded, parseQuery } from '../../../server/guard.ts';
import { readBoard } from '../../../services/accounts/read-board.ts';

/** The whole board, or the cards of `?ids=`; an archived account has none. For the page that is already open. */
export const GET = guarded('accounts:read', async ({ request, actor, deps }) => {
  const { ids } = parseQuery(boardQuery, request);
  return Response.json(await readBoard(deps, actor, ids));
});
