import type { VendorRecord } from '../../contract/analytics.ts';
import { groupBy } from '../../domain/grouping.ts';
import { exposureOf, livesOf, type Lives } from '../../domain/lives.ts';
import { fewestDays, ratePer100 } from '../../domain/rates.ts';
import { isDown } from '../../domain/status.ts';
import { median, medianLife, survivalCurve } from '../../domain/survival.ts';
import type { FleetRow, GroupDay, StatusTurn } from '../../store/analytics.ts';

const dayMs = 86_400_000;

interface Given {
  fleet: readonly FleetRow[];
  turns: readonly StatusTurn[];
  /** Closed days by vendor. */
  daysOf: (vendor: string) => readonly GroupDay[];
  now: number;
  periodMs: number;
}

/** What each vendor's accounts have lived through, the vendor with most accounts first. */
export function vendorRecords({ fleet, turns, daysOf, now, periodMs }: Given): VendorRecord[] {
  const turnsOf = groupBy(turns, ({ accountNo }) => accountNo);
  return [...groupBy(fleet, ({ vendor }) => vendor)]
    .map(([vendor, accounts]) => {
      const known = accounts.map((row) => ({ row, ...lifeOf(row, turnsOf.get(row.no) ?? [], now) }));
      const lives = known.flatMap((one) => one.lives);
      const spans = lives.map(({ from, to, isDeath }) => ({ days: (to - from) / dayMs, isDeath }));
      const curve = survivalCurve(spans);
      const lifeDeaths = spans.filter((span) => span.isDeath).length;
      const { days, deaths } = exposureOf(lives, now - periodMs, now + 1);
      return {
        vendor,
        accountsNow: accounts.filter(({ archivedAt }) => archivedAt === null).length,
        accountsEver: accounts.length,
        foundDead: known.filter((one) => one.isFoundDown).length,
        ...{ deaths, watchedDays: days, rate: days < fewestDays ? null : ratePer100(deaths, days) },
        returns: known.reduce((sum, one) => sum + one.returns, 0),
        ...{ lives: lives.length, lifeDeaths, curve },
        curveUntil: Math.max(0, ...spans.map((span) => span.days)),
        medianLifeDays: medianLife(curve),
        ...spendOf(accounts),
        ...useOf(daysOf(vendor)),
      };
    })
    .sort((a, b) => b.accountsNow - a.accountsNow || (a.vendor < b.vendor ? -1 : 1));
}

function lifeOf(row: FleetRow, turns: readonly StatusTurn[], now: number): Lives & { isFoundDown: boolean } {
  const found = turns.find(({ kind }) => kind === 'discovered');
  const changes = turns.filter(({ kind }) => kind === 'status_changed');
  // Without a word about how it was found, an account that never changed was found as it is.
  const isFoundDown = isDown(found?.toCode ?? (changes.length === 0 ? row.statusCode : null));
  const watchedUntil = row.archivedAt ?? (row.hasAccess ? now : (row.stateSince ?? now));
  const lives = livesOf({
    ...{ addedAt: row.addedAt, isFoundDown, watchedUntil },
    turns: changes.map(({ at, toCode }) => ({ at, isDown: isDown(toCode) })),
  });
  return { ...lives, isFoundDown };
}

/** What dead accounts had spent in their lives, by Meta's own counter, those included that were found dead. */
function spendOf(accounts: readonly FleetRow[]): Pick<VendorRecord, 'spendBeforeDeath' | 'spendUnknown'> {
  const dead = accounts.filter(({ statusCode }) => isDown(statusCode));
  const known = dead.filter(
    ({ amountSpentMinor, isSpentReset }) => amountSpentMinor !== null && !isSpentReset,
  );
  return {
    spendBeforeDeath: [...groupBy(known, ({ currency }) => currency)]
      .map(([currency, those]) => ({
        currency,
        medianMinor: Math.round(median(those.map((row) => row.amountSpentMinor ?? 0)) ?? 0),
        accounts: those.length,
      }))
      .sort((a, b) => b.accounts - a.accounts || (a.currency < b.currency ? -1 : 1)),
    spendUnknown: dead.length - known.length,
  };
}

function useOf(sums: readonly GroupDay[]): Pick<VendorRecord, 'limitUse' | 'limitDays' | 'daysWithoutLimit'> {
  const total = (pick: (sum: GroupDay) => number) => sums.reduce((all, sum) => all + pick(sum), 0);
  const days = total((sum) => sum.limitDays);
  return {
    limitUse:
      days < fewestDays
        ? null
        : {
            meanShare: total((sum) => sum.shares) / days,
            underShare: total((sum) => sum.underDays) / days,
          },
    limitDays: days,
    daysWithoutLimit: total((sum) => sum.withoutLimit),
  };
}
