import { historyQuery } from '../../../../../contract/account-history.ts';
import { parseAccountId } from '../../../../../domain/account.ts';
import { guarded, notFound, parseQuery } from '../../../../../server/guard.ts';
import { readAccountHistory } from '../../../../../services/accounts/read-account-history.ts';

/** What the charts of an account's page are drawn from. For the page that is already open. */
export const GET = guarded('accounts:read', async ({ request, actor, deps, params }) => {
  const { range } = parseQuery(historyQuery, request);
  const accountId = parseAccountId(params['id']);
  const history = accountId === null ? null : await readAccountHistory(deps, actor, accountId, range);
  if (history === null) throw notFound('There is no account of this id. Ids look like act_123.');
  return Response.json(history);
});
