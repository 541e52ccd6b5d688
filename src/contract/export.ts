import type { z } from 'zod';
import { accountParameter, textParameter } from './parameters.ts';
import { snapshotsQuery } from './snapshot.ts';

/** Which history is written to a file: of all accounts, of one, or of a vendor's. */
export const exportQuery = snapshotsQuery.extend({
  account: accountParameter('account').optional(),
  vendor: textParameter('vendor', "Only this vendor's accounts, by its whole name.").optional(),
});
export type ExportQuery = z.output<typeof exportQuery>;
