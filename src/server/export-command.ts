import { exportQuery } from '../contract/export.ts';
import { exportMetrics } from '../services/accounts/export-metrics.ts';
import { Mistake, one, operator, type TextCommand } from './command.ts';

/** `export`: the same file that the API answers with. */
export const exportCommand: TextCommand = {
  usage:
    'export [--from T] [--to T] [--every 5m|1h|1d] [--account ACT] [--vendor V]   (CSV on standard output)',
  does: 'writes the history of all accounts, of one or of a vendor’s, between two instants or dates in UTC',
  async text(deps, given) {
    const wish = exportQuery.safeParse({
      ...{ from: one(given, 'from'), to: one(given, 'to'), every: one(given, 'every') },
      ...{ account: one(given, 'account'), vendor: one(given, 'vendor') },
    });
    if (!wish.success) throw new Mistake(wish.error.issues.map(({ message }) => message).join('; '));
    const begun = await exportMetrics(deps, operator, wish.data);
    if (begun.outcome === 'refused') throw new Mistake(begun.problem);
    return begun.pieces;
  },
};
