import type { CurrencyTrend, DaySum, Grouping, TrendLine } from '../../contract/analytics.ts';
import { addDays, daysBetween } from '../../domain/calendar.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { Asked, FleetRow, GroupDay } from '../../store/analytics.ts';

/** Sums by day and group, each within one currency. */

/** Lines that one chart can tell apart; smaller groups beyond them are summed up. */
const mostLines = 6;

/** Accounts that share currency, vendor and connection: the finest groups that any switch of the page asks for. */
export type Group = Pick<FleetRow, 'currency' | 'vendor' | 'connection'>;

/** Numbers the groups of a fleet. */
export function groupFleet(fleet: readonly FleetRow[]): { groups: Group[]; groupOf: Map<number, number> } {
  const numbers = new Map<string, number>();
  const groups: Group[] = [];
  const groupOf = new Map<number, number>();
  for (const { no, currency, vendor, connection } of fleet) {
    const key = JSON.stringify([currency, vendor, connection]);
    const number = numbers.get(key) ?? groups.length;
    if (number === groups.length) groups.push({ currency, vendor, connection });
    numbers.set(key, number);
    groupOf.set(no, number);
  }
  return { groups, groupOf };
}

const nothing: DaySum = { spendMinor: 0, clicks: 0, outboundClicks: 0, accounts: 0 };

function plus(a: DaySum, b: Omit<DaySum, 'accounts'> & { accounts?: number }): DaySum {
  return {
    spendMinor: a.spendMinor + b.spendMinor,
    clicks: a.clicks + b.clicks,
    outboundClicks: a.outboundClicks + b.outboundClicks,
    accounts: a.accounts + (b.accounts ?? 0),
  };
}

interface Given {
  fleet: readonly FleetRow[];
  asked: readonly Asked[];
  groups: readonly Group[];
  by: Grouping;
  sums: readonly GroupDay[];
  /** First day of the charts, and the first that has not ended for everybody. */
  since: string;
  openFrom: string;
  lastDay: string;
}

/** One trend per currency, the one with most accounts first; a currency without any figure has none. */
export function trendsOf({
  fleet,
  asked,
  groups,
  by,
  sums,
  since,
  openFrom,
  lastDay,
}: Given): CurrencyTrend[] {
  const length = daysBetween(since, lastDay) + 1;
  const days = Array.from({ length }, (_, n) => addDays(since, n));
  const unfinishedFrom = daysBetween(since, openFrom);
  const lines = new Map<string, TrendLine & { currency: string }>();
  const lineOf = groups.map((group) => {
    const name = by === 'currency' ? `All accounts in ${group.currency}` : group[by];
    const key = JSON.stringify([group.currency, name]);
    const line = lines.get(key) ?? {
      ...{ currency: group.currency, name, days: days.map(() => null), total: nothing },
    };
    lines.set(key, line);
    return line;
  });
  const add = (group: number, day: string, sum: Parameters<typeof plus>[1]) => {
    const line = lineOf[group];
    const index = daysBetween(since, day);
    if (line === undefined || index < 0 || index >= length) return;
    line.days[index] = plus(line.days[index] ?? nothing, sum);
  };
  for (const sum of sums) add(sum.group, sum.day, sum);
  const rows = new Map(fleet.map((row) => [row.no, row]));
  for (const { no, group, today } of asked) {
    const row = rows.get(no);
    if (row === undefined || row.day !== today || row.spendMinor === null) continue;
    const { spendMinor, clicks, outboundClicks } = row;
    add(group, today, { spendMinor, clicks: clicks ?? 0, outboundClicks: outboundClicks ?? 0, accounts: 1 });
  }
  for (const line of lines.values()) finish(line, unfinishedFrom);

  const accounts = groupBy(fleet, ({ currency }) => currency);
  return [...accounts]
    .map(([currency, those]): CurrencyTrend => {
      const found = [...lines.values()]
        .filter((line) => line.currency === currency && line.days.some((day) => day !== null))
        .map(({ name, days, total }) => ({ name, days, total }));
      return {
        ...{ currency, accounts: those.length, days, unfinishedFrom, lines: fewLines(found) },
        total: found.reduce((sum, line) => plus(sum, line.total), nothing),
      };
    })
    .filter((trend) => trend.lines.length > 0)
    .sort((a, b) => b.accounts - a.accounts || (a.currency < b.currency ? -1 : 1));
}

/** Meta leaves out days without delivery: behind the first day that is known, a missing one is a truthful zero. */
function finish(line: TrendLine, unfinishedFrom: number): void {
  const first = line.days.findIndex((day) => day !== null);
  if (first < 0) return;
  line.days = line.days.map((day, n) => day ?? (n > first && n < unfinishedFrom ? nothing : null));
  for (const day of line.days.slice(0, unfinishedFrom)) if (day !== null) line.total = plus(line.total, day);
}

function fewLines(lines: readonly TrendLine[]): TrendLine[] {
  const sorted = lines.toSorted((a, b) => b.total.spendMinor - a.total.spendMinor);
  if (sorted.length <= mostLines) return sorted;
  const others = sorted.slice(mostLines - 1);
  const sumOf = (days: (DaySum | null)[]) =>
    days.reduce((sum, day) => (day === null ? sum : plus(sum ?? nothing, day)), null);
  return [
    ...sorted.slice(0, mostLines - 1),
    {
      name: `${others.length} others together`,
      days: (others[0]?.days ?? []).map((_, n) => sumOf(others.map(({ days }) => days[n] ?? null))),
      total: others.reduce((sum, line) => plus(sum, line.total), nothing),
    },
  ];
}
