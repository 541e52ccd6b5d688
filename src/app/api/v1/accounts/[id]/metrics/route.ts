import { snapshotsQuery } from '../../../../../../contract/snapshot.ts';
import { parseAccountId } from '../../../../../../domain/account.ts';
import { guarded, notFound, parseQuery } from '../../../../../../server/guard.ts';
import { readHistory } from '../../../../../../services/accounts/read-history.ts';

/** The history of one account, oldest first. */
export const GET = guarded('accounts:read', async ({ request, actor, deps, params }) => {
  const query = parseQuery(snapshotsQuery, request);
  const accountId = parseAccountId(params['id']);
  const history = accountId === null ? null : await readHistory(deps, actor, accountId, query);
  if (history === null) throw notFound('There is no account of this id. Ids look like act_123.');
  return Response.json(history);
});
