import { isDeepStrictEqual } from 'node:util';
import type { AccountId } from '../../src/domain/account.ts';
import { costPerClick } from '../../src/domain/money.ts';
import type { Sql } from '../../src/ports/sql.ts';
import { slotInstant } from '../../src/store/snapshots.ts';
import type { FiguresTruth, StandingTruth, Truth } from './world-truth.ts';

const unread = {
  day: null,
  spend_minor: null,
  impressions: null,
  clicks: null,
  outbound_clicks: null,
  cpc: null,
};

interface LatestRow extends StandingTruth, FiguresTruth {
  account_id: AccountId;
  observed_at: number;
  metrics_at: number | null;
}

interface SnapshotRow extends Pick<StandingTruth, 'amount_spent_minor' | 'balance_due_minor'> {
  account_id: AccountId;
  slot: number;
  spend_minor: number;
  clicks: number;
  outbound_clicks: number;
  cpc: string | null;
  currency: string;
}

/** A stretch of time in which the world stands still, with what holds in it. */
export interface Round {
  since: number;
  world: Map<AccountId, Truth>;
}

/**
 * What the books must say, worked out from the world and from how far each worker came. A worker's time of reading tells
 * that an account was read in a round; then everything read with it must be that round's, and otherwise the older one's.
 */
export class ExpectedBooks {
  readonly rounds: Round[] = [];
  /** Every change of status that was seen, in order. */
  readonly changes: { account_id: AccountId; from_code: number; to_code: number }[] = [];
  /** Rows that are neither wholly old nor wholly new. */
  readonly torn: string[] = [];
  readonly #standing = new Map<AccountId, StandingTruth>();
  readonly #figures = new Map<AccountId, FiguresTruth>();

  /** Compares `latest` after a round's worker has ended. */
  async follow(sql: Sql, round: Round): Promise<void> {
    this.rounds.push(round);
    const rows = await sql<LatestRow>`
      select a.account_id, l.observed_at, l.metrics_at, l.status_code, l.amount_spent_minor, l.balance_due_minor,
        l.spend_cap_minor, l.day, l.spend_minor, l.impressions, l.clicks, l.outbound_clicks, l.cpc
      from latest l join accounts a on a.no = l.account_no order by a.no`;
    for (const { account_id, observed_at, metrics_at, ...row } of rows) {
      const truth = round.world.get(account_id);
      if (truth === undefined) throw new Error(`${account_id} is not at Meta`);
      if (observed_at >= round.since) this.#see(account_id, truth.standing);
      if (metrics_at !== null && metrics_at >= round.since) this.#figures.set(account_id, truth.figures);
      const expected = { ...this.#standing.get(account_id), ...(this.#figures.get(account_id) ?? unread) };
      if (!isDeepStrictEqual({ ...row }, expected))
        this.torn.push(`latest ${account_id}: ${JSON.stringify(row)}, not ${JSON.stringify(expected)}`);
    }
    await this.#compareFigures(sql);
  }

  /** One batch writes an account's figures into two tables; none may be ahead of the other. */
  async #compareFigures(sql: Sql): Promise<void> {
    const rows = await sql<{ account_no: number; slot: number | null; metrics_at: number }>`
      select l.account_no, l.metrics_at, s.slot
      from latest l
        left join lateral (select * from snapshots where account_no = l.account_no order by slot desc limit 1) s on true
      where l.metrics_at is not null and (
        (s.spend_minor, s.clicks, s.outbound_clicks) is distinct from (l.spend_minor, l.clicks, l.outbound_clicks)
        or l.metrics_at - (timestamptz '2020-01-01T00:00Z' + s.slot * interval '1 second') not between '0' and '70 s')`;
    for (const row of rows) this.torn.push(`figures of one batch: ${JSON.stringify(row)}`);
  }

  #see(accountId: AccountId, standing: StandingTruth): void {
    const before = this.#standing.get(accountId);
    this.#standing.set(accountId, standing);
    if (before !== undefined && before.status_code !== standing.status_code)
      this.changes.push({
        account_id: accountId,
        from_code: before.status_code,
        to_code: standing.status_code,
      });
  }

  /** Compares every snapshot with the world of its slot; answers how many there are. */
  async compareSnapshots(sql: Sql, slotMs: number): Promise<number> {
    const rows = await sql<SnapshotRow>`
      select a.account_id, s.slot, a.currency, s.amount_spent_minor, s.balance_due_minor, s.spend_minor, s.clicks,
        s.outbound_clicks, s.cpc
      from snapshots s join accounts a on a.no = s.account_no`;
    for (const { account_id, slot, currency, cpc, ...row } of rows) {
      const round = this.rounds.findLast(({ since }) => since < slotInstant(slot) + slotMs);
      const truth = round?.world.get(account_id);
      if (truth === undefined) throw new Error(`no world at ${slotInstant(slot)} with ${account_id}`);
      const kept = { ...row, cpc: cpc ?? costPerClick(row.spend_minor, row.clicks, currency) };
      const whole = { ...truth.standing, ...truth.figures };
      if (!isDeepStrictEqual({ ...whole, ...kept }, whole))
        this.torn.push(`snapshot ${account_id}: ${JSON.stringify(kept)}, not ${JSON.stringify(truth)}`);
    }
    return rows.length;
  }
}
