import type { AnalyticsView, CostFinding } from '../../contract/analytics.ts';
import { fewestClicks, fewestRestClicks, findDear } from '../../domain/findings.ts';
import { groupBy } from '../../domain/grouping.ts';
import { isDown } from '../../domain/status.ts';
import type { FleetRow } from '../../store/analytics.ts';

interface Sums {
  no: number;
  spendMinor: number;
  outboundClicks: number;
}

/** Who pays too much for a click, vendor by vendor and within one currency, the worst first; and how much was looked at. */
export function costFindings(
  fleet: readonly FleetRow[],
  sums: readonly Sums[],
): Pick<AnalyticsView, 'findings' | 'compared'> {
  const sumOf = new Map(sums.map((sum) => [sum.no, sum]));
  const costs = fleet.flatMap((row) => {
    const sum = sumOf.get(row.no);
    if (sum === undefined || row.archivedAt !== null || isDown(row.statusCode)) return [];
    const { accountId, name, vendor, currency } = row;
    const cost = { spendMinor: sum.spendMinor, clicks: sum.outboundClicks };
    return [{ accountId, name, vendor, currency, ...cost }];
  });
  const groups = [...groupBy(costs, ({ vendor, currency }) => JSON.stringify([vendor, currency])).values()];
  const findings = groups.flatMap((group): CostFinding[] => {
    const found = findDear(group);
    const [first] = group;
    if (found === null || first === undefined) return [];
    const { accounts, paid, rest, ratio, low, high, savedMinor } = found;
    return [
      {
        ...{ vendor: first.vendor, currency: first.currency, ratio, low, high, savedMinor, ...paid },
        ...{ restAccounts: rest.accounts, restSpendMinor: rest.spendMinor, restClicks: rest.clicks },
        accounts: accounts.map(({ accountId, name, spendMinor, clicks }) => ({
          ...{ accountId, name, spendMinor, clicks },
        })),
      },
    ];
  });
  return {
    findings: findings.sort((a, b) => b.ratio - a.ratio || (a.vendor < b.vendor ? -1 : 1)),
    compared: {
      accounts: costs.length,
      clicks: costs.reduce((sum, { clicks }) => sum + clicks, 0),
      groups: groups.length,
      // In these no account could stand out: none has clicks enough, or the others have not.
      tooFew: groups.filter((group) => !isComparable(group)).length,
    },
  };
}

function isComparable(group: readonly { clicks: number }[]): boolean {
  const all = group.reduce((sum, { clicks }) => sum + clicks, 0);
  return group.some(({ clicks }) => clicks >= fewestClicks && all - clicks >= fewestRestClicks);
}
