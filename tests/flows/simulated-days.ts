import { metaAccountSource } from '../../src/adapters/meta/account-source.ts';
import type { AccountId } from '../../src/domain/account.ts';
import { utcDay } from '../../src/domain/calendar.ts';
import type { Deps } from '../../src/server/house.ts';
import { readFigures, runDaily } from '../../src/server/triggers.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import type { FlowHouse } from '../flow-house.ts';
import { readTruth, type AccountTruth, type DayTruth, type WorldTruth } from './simulated-truth.ts';
import { until } from './until.ts';

export const slotMs = 5 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** What is read seldom, as it must be known after a reading. */
export interface StandingTruth {
  status_code: number;
  spend_cap_minor: number | null;
  spend_cap_source: string;
  daily_limit_minor: number | null;
  daily_limit_source: string;
  active_ads: number | null;
  total_ads: number | null;
  rejected_ads: number | null;
}

export interface ExpectedSnapshot {
  slotAt: number;
  accountId: AccountId;
  currency: string;
  figures: DayTruth;
  amountSpentMinor: number;
  balanceDueMinor: number;
}

interface LatestRow {
  account_id: AccountId;
  observed_at: number;
  metrics_at: number | null;
  ads_read_at: number | null;
  limit_read_at: number | null;
  limit_refused_until: number | null;
  status_code: number;
  disable_reason: number;
  amount_spent_minor: number;
  balance_due_minor: number;
  spend_cap_minor: number | null;
  spend_cap_source: string;
  meta_limit_minor: number | null;
  meta_limit_source: string;
  day: string | null;
  spend_minor: number | null;
  impressions: number | null;
  clicks: number | null;
  outbound_clicks: number | null;
  active_ads: number | null;
  total_ads: number | null;
  rejected_ads: number | null;
}

/** What the world said when an account was last read, by what was read. */
interface Seen {
  metricsAt: number | null;
  limit: { minor: number | null; source: string; readAt: number | null; refusedUntil: number | null };
  /** Standings as they came to be known, oldest first. */
  standings: { at: number; standing: StandingTruth }[];
  statuses: { at: number; status: number }[];
  /** The last reading of each account-day while it was under way. */
  live: Map<string, { at: number; spendMinor: number }>;
}

const limitSources = { number: 'meta', unlimited: 'unlimited', absent: 'unknown', rejected: 'unknown' };
const refusalMs = 24 * 60 * 60_000;

/** Hours and days in which the house reads a simulated world by a clock that stands still at each reading. */
export class SimulatedDays {
  readonly deps: Deps;
  /** Everything that differed from the world, in words. */
  readonly differences: string[] = [];
  comparisons = 0;
  readonly snapshots = new Map<string, ExpectedSnapshot>();
  readonly seen = new Map<AccountId, Seen>();
  /** Closed account-days by `account day`. */
  readonly days = new Map<string, DayTruth>();
  /** Readings of figures that were due and came, or did not. */
  readonly filled = { due: 0, read: 0 };
  /** Real time of each metrics cycle, by slot. */
  readonly tookMs = new Map<number, number>();
  readonly #worlds = new Map<number, WorldTruth>();

  constructor(
    readonly flow: FlowHouse,
    options: { requestTimeoutMs: number; random: () => number },
  ) {
    const { clock, simulator } = flow;
    const source = metaAccountSource(
      {
        ...{ baseUrl: simulator.graphUrl, version: 'v26.0', token: simulator.token, appSecret: null },
        ...{ requestTimeoutMs: options.requestTimeoutMs, requestsPerMinute: 100_000 },
      },
      // The world stands still while it is read, so that waiting between tries would change nothing.
      { concurrency: 16, random: options.random, sleep: async () => {} },
      () => clock.monotonicMs(),
    );
    this.deps = { ...flow.deps, sourceOf: async () => source };
  }

  async moveTo(at: number): Promise<void> {
    await this.flow.advance(at - (await this.flow.clock.now()));
  }

  /** One reading of everything at an instant, by as many triggers at once as are asked for; then the books are compared. */
  async read(at: number, triggers = 1, sweeps = true): Promise<void> {
    await this.moveTo(at);
    const world = await this.#world(at);
    const each = (run: () => Promise<unknown>) => Promise.all(Array.from({ length: triggers }, run));
    if (sweeps) await each(() => sweepStatus(this.deps));
    const startedMs = performance.now();
    await each(() => readFigures(this.deps));
    this.tookMs.set(Math.floor(at / slotMs), performance.now() - startedMs);
    await runDaily(this.deps);
    await this.#compare(at, world);
  }

  /** Two cycles that overlap: the first one's answers come when its slot is over. No sweep runs meanwhile, and nothing fails. */
  async overrun(at: number, ends: number): Promise<void> {
    const { flow, deps } = this;
    await this.moveTo(at);
    const before = await this.#world(at);
    await sweepStatus(deps);
    await this.#compare(at, before);
    await flow.scenario({ kind: 'delay', ms: 150 });
    const asked = await this.#asked();
    const late = readFigures(deps);
    await until(
      () => this.#asked(),
      (now) => now > asked,
    );
    await this.moveTo(ends);
    const world = await this.#world(ends);
    const next = readFigures(deps);
    await Promise.all([late, next]);
    await flow.scenario({ kind: 'delay', ms: 0 });
    // What was asked in the old slot is of that moment, wherever it arrived.
    const slotAt = Math.floor(at / slotMs) * slotMs;
    const kept = await this.flow.database.database.sql<{ account_id: AccountId }>`
      select a.account_id from snapshots s join accounts a on a.no = s.account_no
      where s.slot = ${Math.floor((slotAt - Date.UTC(2020, 0, 1)) / 1000)}::int`;
    for (const { account_id } of kept) {
      this.#expectSnapshot(slotAt, account_id, before, before);
      const { day, spend_minor } = of(before, account_id).today;
      this.#of(account_id).live.set(day, { at, spendMinor: spend_minor });
    }
    await this.#compare(ends, world);
  }

  /** Learns how the days ended that nobody saw end, from `since` on. */
  async closeDays(since: number): Promise<void> {
    const now = await this.flow.clock.now();
    for (let at = now; at > since - dayMs; at -= dayMs)
      for (const [accountId, { yesterday }] of await readTruth(this.flow.simulator.graphUrl, at))
        this.days.set(`${accountId} ${yesterday.day}`, yesterday);
  }

  async #asked(): Promise<number> {
    const response = await fetch(`${this.flow.simulator.graphUrl}/__sim/requests?since=1000000000`);
    return ((await response.json()) as { last: number }).last;
  }

  async #world(at: number): Promise<WorldTruth> {
    const world = await readTruth(this.flow.simulator.graphUrl, at);
    this.#worlds.set(at, world);
    return world;
  }

  #of(accountId: AccountId): Seen {
    let seen = this.seen.get(accountId);
    if (seen === undefined) {
      const limit = { minor: null, source: 'unknown', readAt: null, refusedUntil: null };
      seen = { metricsAt: null, limit, standings: [], statuses: [], live: new Map() };
      this.seen.set(accountId, seen);
    }
    return seen;
  }

  /** Whatever the books say, with the moment that they say it is of, must be what the world was then. */
  async #compare(at: number, world: WorldTruth): Promise<void> {
    const rows = await this.flow.database.database.sql<LatestRow>`
      select a.account_id, l.* from latest l join accounts a on a.no = l.account_no order by a.no`;
    this.same('accounts', rows.length, world.size);
    for (const row of rows) {
      const name = `${row.account_id} at ${new Date(at).toISOString()}`;
      const seen = this.#of(row.account_id);
      const observed = this.#worldOf(row.observed_at, row.account_id, `${name}: observed`);
      if (observed === null) continue;
      this.same(`${name}: status`, statusOf(row), statusTruth(observed));
      if (row.observed_at === at) seen.statuses.push({ at, status: observed.account_status });
      this.#compareLimit(row, seen, at, name);
      const ads =
        row.ads_read_at === null ? null : this.#worldOf(row.ads_read_at, row.account_id, `${name}: ads`);
      const { active_ads, total_ads, rejected_ads } = row;
      const standing = {
        ...{ status_code: observed.account_status, ...capOf(observed) },
        ...{ daily_limit_minor: seen.limit.minor, daily_limit_source: seen.limit.source },
        ...{ active_ads: ads?.ads.active ?? null, total_ads: ads?.ads.total ?? null },
        rejected_ads: ads?.ads.rejected ?? null,
      };
      this.same(`${name}: ads`, { active_ads, total_ads, rejected_ads }, pickAds(standing));
      seen.standings.push({ at, standing });
      this.#compareFigures(row, seen, at, observed, name);
    }
  }

  #compareLimit(row: LatestRow, seen: Seen, at: number, name: string): void {
    const { limit } = seen;
    if (row.limit_read_at !== null && row.limit_read_at !== limit.readAt) {
      const truth = this.#worldOf(row.limit_read_at, row.account_id, `${name}: limit`)?.daily_limit;
      if (truth !== undefined) {
        const { answer, minor } = truth;
        seen.limit = { ...limit, minor, source: limitSources[answer], readAt: row.limit_read_at };
      }
    }
    if (row.limit_refused_until !== null && row.limit_refused_until !== limit.refusedUntil) {
      const truth = this.#worldOf(row.limit_refused_until - refusalMs, row.account_id, `${name}: refusal`);
      this.same(`${name}: refused limit`, truth?.daily_limit.answer, 'rejected');
      const refusedUntil = row.limit_refused_until;
      seen.limit = { ...seen.limit, minor: null, source: 'unknown', refusedUntil };
    }
    const { minor, source } = seen.limit;
    this.same(
      `${name}: limit`,
      { minor: row.meta_limit_minor, source: row.meta_limit_source },
      { minor, source },
    );
  }

  #compareFigures(row: LatestRow, seen: Seen, at: number, observed: AccountTruth, name: string): void {
    const isDown = [2, 100, 101].includes(observed.account_status);
    if (!isDown) this.filled.due += 1;
    if (row.metrics_at === null) return;
    const truth = this.#worldOf(row.metrics_at, row.account_id, `${name}: figures`);
    if (truth === null) return;
    const { day, spend_minor, impressions, clicks, outbound_clicks } = row;
    this.same(
      `${name}: figures of ${new Date(row.metrics_at).toISOString()}`,
      { day, spend_minor, impressions, clicks, outbound_clicks },
      figuresOf(truth.today),
    );
    if (row.metrics_at !== at || seen.metricsAt === at) return;
    seen.metricsAt = at;
    if (!isDown) this.filled.read += 1;
    seen.live.set(truth.today.day, { at, spendMinor: truth.today.spend_minor });
    const amounts = this.#worlds.get(row.observed_at);
    if (amounts !== undefined)
      this.#expectSnapshot(
        Math.floor(at / slotMs) * slotMs,
        row.account_id,
        new Map([[row.account_id, truth]]),
        amounts,
      );
  }

  #expectSnapshot(slotAt: number, accountId: AccountId, figures: WorldTruth, amounts: WorldTruth): void {
    const { amount_spent_minor, balance_minor, currency } = of(amounts, accountId);
    this.snapshots.set(`${slotAt} ${accountId}`, {
      ...{ slotAt, accountId, currency, figures: of(figures, accountId).today },
      ...{ amountSpentMinor: amount_spent_minor, balanceDueMinor: balance_minor },
    });
  }

  #worldOf(at: number, accountId: AccountId, name: string): AccountTruth | null {
    const truth = this.#worlds.get(at)?.get(accountId) ?? null;
    if (truth === null) this.differences.push(`${name} ${new Date(at).toISOString()}, when nothing was read`);
    return truth;
  }

  same(name: string, kept: unknown, truth: unknown): void {
    this.comparisons += typeof truth === 'object' && truth !== null ? Object.keys(truth).length : 1;
    const [one, other] = [JSON.stringify(kept), JSON.stringify(truth)];
    if (one !== other) this.differences.push(`${name}: ${one}, not ${other}`);
  }
}

/** The days that a course has closed for an account, from its first day on. */
export function* closedDays(from: string, to: string): Generator<string> {
  for (let day = from; day <= to; day = utcDay(Date.parse(`${day}T00:00:00Z`) + dayMs)) yield day;
}

function of(world: WorldTruth, accountId: AccountId): AccountTruth {
  const truth = world.get(accountId);
  if (truth === undefined) throw new Error(`${accountId} is not in the world`);
  return truth;
}

export function figuresOf({ day, spend_minor, impressions, clicks, outbound_clicks }: DayTruth): DayTruth {
  return { day, spend_minor, impressions, clicks, outbound_clicks };
}

function pickAds({ active_ads, total_ads, rejected_ads }: StandingTruth) {
  return { active_ads, total_ads, rejected_ads };
}

function capOf({ spend_cap_minor }: AccountTruth) {
  return { spend_cap_minor, spend_cap_source: spend_cap_minor === null ? 'none' : 'meta' };
}

function statusOf(row: LatestRow) {
  const { status_code, disable_reason, amount_spent_minor, balance_due_minor } = row;
  const { spend_cap_minor, spend_cap_source } = row;
  return {
    ...{ status_code, disable_reason, amount_spent_minor, balance_due_minor },
    ...{ spend_cap_minor, spend_cap_source },
  };
}

function statusTruth(truth: AccountTruth) {
  const { account_status, disable_reason, amount_spent_minor, balance_minor } = truth;
  return {
    ...{ status_code: account_status, disable_reason, amount_spent_minor },
    ...{ balance_due_minor: balance_minor, ...capOf(truth) },
  };
}
