import { accountsQuery } from '../../../../contract/account.ts';
import { guarded, parseQuery } from '../../../../server/guard.ts';
import { listAccounts } from '../../../../services/accounts/list-accounts.ts';

/** One page of accounts. */
export const GET = guarded('accounts:read', async ({ request, actor, deps }) => {
  const query = parseQuery(accountsQuery, request);
  return Response.json(await listAccounts(deps, actor, query));
});
