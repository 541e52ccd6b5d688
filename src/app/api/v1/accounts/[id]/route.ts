import { parseAccountId } from '../../../../../domain/account.ts';
import { guarded, notFound } from '../../../../../server/guard.ts';
import { readAccount } from '../../../../../services/accounts/read-account.ts';

/** One account, archived or not. */
export const GET = guarded('accounts:read', async ({ actor, deps, params }) => {
  const accountId = parseAccountId(params['id']);
  const data = accountId === null ? null : await readAccount(deps, actor, accountId);
  if (data === null) throw notFound('There is no account of this id. Ids look like act_123.');
  return Response.json({ data });
});
