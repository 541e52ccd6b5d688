import { guarded } from '../../../../server/guard.ts';
import { readCollecting } from '../../../../services/upkeep/read-collecting.ts';

/** How the collecting side does. */
export const GET = guarded('accounts:read', async ({ actor, deps }) =>
  Response.json(await readCollecting(deps, actor)),
);
