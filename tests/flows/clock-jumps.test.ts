import { afterAll, describe, expect, test } from 'vitest';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import type { CycleOutcome } from '../../src/services/poll/run-cycle.ts';
import { readHealth } from '../../src/services/upkeep/read-health.ts';
import { readFigures } from '../../src/server/triggers.ts';
import { isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { until } from './until.ts';
import { readWorld } from './world-truth.ts';

/**
 * Somebody sets ArbHub's clock while the world's runs on, and sets it right again later. Times of the world in what follows.
 * At more hours of the day: LONG=1 npx vitest run --project integration tests/flows/clock-jumps
 */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const sweepMs = minuteMs;
const metricsMs = 5 * minuteMs;
const minutesWrong = 14;
const starts = ['2026-11-23T15:00:07Z', ...(isLong ? ['2026-11-23T04:47:07Z', '2026-11-01T05:50:07Z'] : [])];
const jumps = [minuteMs, 3 * minuteMs, hourMs, dayMs, 30 * dayMs].flatMap((ms) => [-ms, ms]);

const houses: FlowHouse[] = [];
afterAll(() => Promise.all(houses.map((house) => house.close())));

const named = (ms: number) =>
  `${ms < 0 ? '-' : '+'}${Math.abs(ms) / (Math.abs(ms) < hourMs ? minuteMs : hourMs)}${
    Math.abs(ms) < hourMs ? ' min' : ' h'
  }`;

/** Minute after minute of one house, with what its cycles did when. */
class Watch {
  /** When sweeps had read all accounts, and when metrics cycles had read figures. */
  readonly sweeps: number[] = [];
  readonly figures: number[] = [];
  /** Slots that were reported done, by how often the clock had been set before. */
  readonly done = new Map<string, number>();
  readonly warnings: string[] = [];
  timesSet = 0;
  #begunAfter = 0;

  constructor(readonly flow: FlowHouse) {
    const note = (event: string, fields: Record<string, unknown> = {}) => {
      if (event === 'cycle done' || event === 'cycle degraded') {
        const key = `${String(fields['cycleId'])} begun after ${this.#begunAfter} settings`;
        this.done.set(key, (this.done.get(key) ?? 0) + 1);
      } else if (event === 'figures not read') this.warnings.push(String(fields['detail']));
    };
    flow.deps.log = { info: note, warn: note, error: note };
  }

  set(ms: number): void {
    this.flow.jump(ms);
    this.timesSet += 1;
  }

  /** One minute passes, and every trigger fires; `meanwhile` happens while the sweep is asking. */
  async minute(meanwhile?: () => void): Promise<void> {
    const { deps } = this.flow;
    await this.flow.advance(minuteMs);
    const at = await this.flow.worldNow();
    const asked = await this.#requests();
    this.#begunAfter = this.timesSet;
    const sweeping = sweepStatus(deps);
    if (meanwhile !== undefined) {
      await until(
        () => this.#requests(),
        (requests) => requests > asked,
      );
      meanwhile();
    }
    if (hasRead(await sweeping)) this.sweeps.push(at);
    this.#begunAfter = this.timesSet;
    if (hasRead(await readFigures(deps))) this.figures.push(at);
    await this.#send();
  }

  async #requests(): Promise<number> {
    const response = await fetch(`${this.flow.simulator.graphUrl}/__sim/requests?since=1000000000`);
    return ((await response.json()) as { last: number }).last;
  }

  /** Sends what is due; the channel's spacing passes as time does. */
  async #send(): Promise<void> {
    let isSending = true;
    const sending = sendAlerts(this.flow.deps).finally(() => (isSending = false));
    await until(
      () => {
        this.flow.clock.advance(100);
        return isSending;
      },
      (is) => !is,
    );
    await sending;
  }

  /** The longest stretch without one of these, in milliseconds. */
  longestGap(times: readonly number[], from: number, to: number): number {
    const marks = [from, ...times.filter((at) => at >= from && at <= to), to];
    return Math.max(...marks.slice(1).map((at, n) => at - marks[n]!));
  }
}

const hasRead = (outcome: CycleOutcome) => outcome.outcome === 'ran' && outcome.report.succeeded > 20;

/** Accounts whose figures are not Meta's of this moment; those that deliver nothing bear no day of Meta's. */
async function findWrong({ deps, database, worldNow }: FlowHouse): Promise<string[]> {
  const source = await deps.sourceOf({ id: 0, name: 'simulation', kind: 'simulation' });
  if (source === null) throw new Error('no way into the simulated Meta');
  const world = await readWorld(source, await worldNow());
  const rows = await database.database.sql<{
    id: `act_${string}`;
    day: string;
    spend: number;
    status: number;
  }>`
    select a.account_id as id, l.day::text as day, l.spend_minor as spend, l.status_code as status
    from latest l join accounts a on a.no = l.account_no`;
  return rows.flatMap(({ id, day, spend, status }) => {
    const truth = world.get(id as never);
    if (truth === undefined) return [`${id} is not there`];
    const { figures, standing } = truth;
    if (standing.status_code !== status) return [`${id} has status ${status}, not ${standing.status_code}`];
    const isRight = spend === figures.spend_minor && (figures.spend_minor === 0 || day === figures.day);
    return isRight || standing.status_code !== 1
      ? []
      : [`${id} ${day} ${spend}, not ${figures.day} ${figures.spend_minor}`];
  });
}

/** Account-days that hold money which Meta does not know of, or not yet. */
async function findWrongDays({ deps, database, worldNow }: FlowHouse): Promise<string[]> {
  const source = await deps.sourceOf({ id: 0, name: 'simulation', kind: 'simulation' });
  const at = await worldNow();
  const day = (ms: number) => new Date(at + ms).toISOString().slice(0, 10);
  const accounts = await database.database.sql<{
    accountId: `act_${string}`;
    currency: string;
    timezone: string;
  }>`
    select account_id as "accountId", currency, timezone from accounts`;
  const history = { from: day(-40 * dayMs), to: day(dayMs) };
  const off = {
    today: false,
    ads: false,
    limit: false,
    details: false,
    closed: null,
    hours: null,
    activities: null,
  };
  const requests = accounts.map((account) => ({ ...account, wants: { ...off, history } }));
  const told = new Map<string, number>();
  const turn = { signal: AbortSignal.timeout(20_000), now: () => at };
  for await (const batch of source!.readMetrics(requests as never, turn))
    for (const { accountId, history: read } of batch)
      if (read?.ok) for (const row of read.value.days) told.set(`${accountId} ${row.day}`, row.spendMinor);
  const kept = await database.database.sql<{ key: string; spend: number; isClosed: boolean }>`
    select a.account_id || ' ' || d.day as key, d.spend_minor as spend, d.closed_at is not null as "isClosed"
    from account_days d join accounts a on a.no = d.account_no where d.day >= ${history.from}::date`;
  expect(kept.length).toBeGreaterThan(100);
  return kept.flatMap(({ key, spend, isClosed }) => {
    const truth = told.get(key) ?? 0;
    return (isClosed ? spend === truth : spend <= truth) ? [] : [`${key}: ${spend}, not ${truth}`];
  });
}

describe.each(starts)('from %s', (start) => {
  test.concurrent.each(jumps.map((ms) => [named(ms), ms] as const))(
    'the clock is set by %s and set right in the middle of a cycle',
    async (_name, ms) => {
      const flow = await flowHouse({ startAt: Date.parse(start), accounts: 30 });
      houses.push(flow);
      const watch = new Watch(flow);
      const titles = () => flow.slack.messages.map(({ text }) => text);
      const toldOf = (id: string) => titles().filter((text) => text.includes(id)).length;
      const banned: string[] = [];
      /** A ban is told within two sweeps. */
      const ban = async () => {
        const [id] = await flow.scenario({ kind: 'suspend_one' });
        banned.push(id!);
        for (let minutes = 1; minutes <= 2 && toldOf(id!) === 0; minutes++) await watch.minute();
        expect(toldOf(id!), `the ban of ${id} is told`).toBe(1);
      };
      const isOff = Math.abs(ms) >= dayMs;

      for (let n = 0; n < 6; n++) await watch.minute();
      await ban();
      const setAt = await flow.worldNow();
      watch.set(ms);
      await ban();
      for (let n = 0; n < minutesWrong; n++) await watch.minute();
      await untilFigures(watch);
      if (!isOff) expect(await findWrong(flow)).toEqual([]);
      // A clock that is off by a day makes today's rows those of another day: none is believed, and all say so.
      else expect(watch.warnings.some((detail) => detail.startsWith('row of another day'))).toBe(true);

      const rightAt = await flow.worldNow();
      await watch.minute(() => watch.set(-ms));
      await ban();
      for (let n = 0; n < minutesWrong; n++) await watch.minute();
      await untilFigures(watch);
      expect(await findWrong(flow)).toEqual([]);
      expect(await findWrongDays(flow)).toEqual([]);

      const endAt = await flow.worldNow();
      const gaps = {
        sweeps: watch.longestGap(watch.sweeps, Date.parse(start), endAt),
        figuresWrong: isOff ? 0 : watch.longestGap(watch.figures, setAt, rightAt),
        figuresRight: watch.longestGap(watch.figures, rightAt, endAt),
      };
      console.log(`${named(ms)}: longest gaps ${JSON.stringify(gaps)} ms, ${watch.done.size} slots done`);
      // One interval is usual, one more may be missing; a minute's trigger has no finer eye, and sending takes its seconds.
      expect(gaps.sweeps).toBeLessThanOrEqual(2 * sweepMs + 10_000);
      expect(gaps.figuresWrong).toBeLessThanOrEqual(2 * metricsMs + 10_000);
      expect(gaps.figuresRight).toBeLessThanOrEqual(2 * metricsMs + 10_000);
      expect([...watch.done].filter(([, times]) => times > 1)).toEqual([]);
      expect(await readHealth(flow.deps)).toMatchObject({ status: 'ok', accounts_monitored: 30 });
    },
    90_000,
  );
});

/** Goes on till the minute in which figures were read, so that the books and the world are of one moment. */
async function untilFigures(watch: Watch): Promise<void> {
  const before = watch.figures.length;
  for (let n = 0; n < 6 && watch.figures.length === before; n++) await watch.minute();
}
