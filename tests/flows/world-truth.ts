import type { AccountId } from '../../src/domain/account.ts';
import type { AccountSource } from '../../src/ports/account-source.ts';

/** What the list edge says of one account, under the names of the columns that keep it. */
export interface StandingTruth {
  status_code: number;
  amount_spent_minor: number | null;
  balance_due_minor: number | null;
  spend_cap_minor: number | null;
}

/** What today's insights say of one account. */
export interface FiguresTruth {
  day: string;
  spend_minor: number;
  impressions: number;
  clicks: number;
  outbound_clicks: number;
  cpc: string | null;
}

export interface Truth {
  standing: StandingTruth;
  figures: FiguresTruth;
}

const onlyToday = {
  ...{ today: true, ads: false, limit: false, details: false },
  ...{ closed: null, history: null, hours: null, activities: null },
};

/** Asks Meta itself what holds of every account; `at` is its time. Throws when an account cannot be read. */
export async function readWorld(source: AccountSource, at: number): Promise<Map<AccountId, Truth>> {
  const turn = { signal: AbortSignal.timeout(20_000), now: () => at };
  const readings = [];
  for await (const page of source.listStatuses(turn)) readings.push(...page.readings);
  const requests = readings.map(({ accountId, currency, timezone }) => ({
    ...{ accountId, currency, timezone },
    wants: onlyToday,
  }));
  const figures = new Map<AccountId, FiguresTruth>();
  for await (const batch of source.readMetrics(requests, turn))
    for (const { accountId, today } of batch) {
      if (today?.ok !== true) throw new Error(`${accountId} cannot be read`);
      const { day, spendMinor, impressions, clicks, outboundClicks, cpc } = today.value;
      figures.set(accountId, {
        ...{ day, spend_minor: spendMinor, impressions, clicks, cpc },
        outbound_clicks: outboundClicks,
      });
    }
  return new Map(
    readings.map((reading) => {
      const found = figures.get(reading.accountId);
      if (found === undefined) throw new Error(`no figures of ${reading.accountId}`);
      const standing = {
        status_code: reading.statusCode,
        amount_spent_minor: reading.amountSpentMinor,
        balance_due_minor: reading.balanceDueMinor,
        spend_cap_minor: reading.spendCap.minor,
      };
      return [reading.accountId, { standing, figures: found }];
    }),
  );
}
