import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acknowledgeAlert } from '../../src/services/alerts/acknowledge-alert.ts';
import { createSilence } from '../../src/services/alerts/create-silence.ts';
import { endSilence } from '../../src/services/alerts/end-silence.ts';
import { setRule } from '../../src/services/alerts/set-rule.ts';
import { snoozeAlert } from '../../src/services/alerts/snooze-alert.ts';
import { dice, isLong } from '../dice.ts';
import { admin, AlertBench, minuteMs } from './alert-bench.ts';
import { findViolations, type Acts } from './alert-watch.ts';

/** The long run: LONG=1 npx vitest run --project integration tests/flows/alert-timelines; one again: ALERT_SEED=… */

const seed = Number(process.env['ALERT_SEED'] ?? 20_261_125);
const timelines = isLong ? 1000 : 60;
const lanes = 2;
const hourMs = 60 * minuteMs;
const accounts = ['act_1', 'act_2'];

/** Nights in which clocks change, and one in which they do not. */
const nights = [
  ['America/New_York', '2026-11-01'],
  ['America/New_York', '2027-03-14'],
  ['Europe/Berlin', '2027-03-28'],
  ['Europe/London', '2026-10-25'],
  ['Australia/Lord_Howe', '2027-04-04'],
  ['Australia/Sydney', '2026-10-04'],
  ['America/Santiago', '2027-04-04'],
  ['America/St_Johns', '2027-03-14'],
  ['Africa/Cairo', '2027-04-30'],
  ['Asia/Kathmandu', '2026-11-24'],
] as const;

let benches: AlertBench[];
beforeAll(async () => {
  benches = await Promise.all(
    Array.from({ length: lanes }, () =>
      AlertBench.open(
        [
          ['ops', 'info', 0, null],
          ['person', 'warning', 0, 'UTC'],
          ['lead', 'critical', 1, null],
          ['boss', 'critical', 2, null],
        ],
        accounts.length,
      ),
    ),
  );
});
afterAll(() => Promise.all(benches.map((bench) => bench.test.drop())));

/** A stretch of time that the product lives through; it is called when it wants to be, and whenever anything happens. */
class Timeline {
  readonly acts: Acts;
  #nextAt: number | null = null;

  private constructor(
    readonly bench: AlertBench,
    quiet: Acts['quiet'],
  ) {
    this.acts = {
      ...{ quiet, changes: [], acknowledged: new Map(), snoozed: [], silences: [], held: new Map() },
      endAt: 0,
    };
  }

  static async begin(bench: AlertBench, at: number, quiet: Acts['quiet']): Promise<Timeline> {
    await bench.reset(at);
    await bench.sql`update members set timezone = ${quiet.zone} where email = 'person@example.com'`;
    await bench.quiet('person', quiet);
    return new Timeline(bench, quiet);
  }

  async pass(ms: number): Promise<void> {
    const { bench } = this;
    const until = bench.clock.at + ms;
    for (;;) {
      // A sweep's end is an occasion as well; what has stood for half an hour is found then.
      const stands = this.acts.changes.map(({ at }) => at + 30 * minuteMs);
      const ahead = [until, this.#nextAt ?? until, ...stands].filter((at) => at > bench.clock.at);
      bench.clock.advance(Math.min(until, ...ahead) - bench.clock.at);
      await this.look();
      if (bench.clock.at >= until) return;
    }
  }

  async look(): Promise<void> {
    this.#nextAt = await this.bench.send();
    const held = await this.bench.sql<{ id: number; alertId: number; purpose: string }>`
      select id, alert_id as "alertId", purpose from deliveries where state = 'held'`;
    for (const { id, ...message } of held) this.acts.held.set(id, message);
  }

  async learn(account: string, code: number): Promise<void> {
    const before = this.acts.changes.findLast((change) => change.account === account)?.code ?? 1;
    await this.bench.learn({ [account]: code });
    if (before !== code) this.acts.changes.push({ at: this.bench.clock.at, account, code });
    await this.look();
  }

  /** Somebody acts upon what he has heard of; `n` says upon which. */
  async act(what: 'acknowledge' | 'snooze', n: number): Promise<void> {
    const { bench, acts } = this;
    const open = await bench.sql<{ id: number }>`
      select id from alerts al where resolved_at is null and acknowledged_at is null
        and exists (select from deliveries d where d.alert_id = al.id) order by id`;
    const alertId = open[n % Math.max(1, open.length)]?.id;
    if (alertId === undefined) return;
    const at = bench.clock.at;
    if (what === 'acknowledge') {
      expect(await acknowledgeAlert(bench.deps, admin, { alertId, reason: 'looked at' })).toEqual({
        isDone: true,
      });
      acts.acknowledged.set(alertId, at);
    } else {
      expect(await snoozeAlert(bench.deps, admin, { alertId, until: '1h' })).toEqual({ isDone: true });
      acts.snoozed.push({ alertId, at, until: at + hourMs });
    }
    await this.look();
  }

  async silence(account: string, hours: number): Promise<void> {
    const { bench } = this;
    const wish = { reason: 'moving house', hours, account, vendor: null, kinds: [] };
    expect(await createSilence(bench.deps, admin, wish as never)).toEqual({ isDone: true });
    const from = bench.clock.at;
    this.acts.silences.push({ account, from, until: from + hours * hourMs });
    this.#nextAt = bench.clock.at;
    await this.look();
  }

  async endSilence(n: number): Promise<void> {
    const { bench, acts } = this;
    const index = n % Math.max(1, acts.silences.length);
    const silence = acts.silences[index];
    if (silence === undefined || silence.until <= bench.clock.at) return;
    const [row] = await bench.sql<{
      id: number;
    }>`select id from silences order by id offset ${index} limit 1`;
    expect(await endSilence(bench.deps, admin, { silenceId: row?.id ?? 0 })).toEqual({ isDone: true });
    silence.until = bench.clock.at;
    await this.look();
  }

  /** What was heard of an account, as `12:30 ops kind purpose`. */
  async heard(channel: string): Promise<string[]> {
    const alerts = await this.bench.alerts();
    return this.bench.heard
      .filter((one) => one.channel === channel)
      .map(
        ({ at, alertId, purpose }) =>
          `${new Date(at).toISOString().slice(11, 16)} ${alerts.get(alertId)?.kind} ${purpose}`,
      );
  }

  async end(): Promise<string[]> {
    await this.pass(hourMs);
    // Else most of what is heard would be repeats of the same.
    for (let n = 0; n < 50; n++) await this.act('acknowledge', 0);
    await this.pass(13 * hourMs);
    this.acts.endAt = this.bench.clock.at;
    return findViolations(this.bench, this.acts);
  }
}

const utcNight = { person: 'person', zone: 'UTC', from: '22:00', to: '06:00' };
const at = (text: string): number => Date.parse(`${text}Z`);
const begin = (start: string, quiet = utcNight): Promise<Timeline> =>
  Timeline.begin(benches[0]!, at(start), quiet);

describe('scripts', () => {
  test('repeats every 30 minutes and the next contacts after 10, until somebody takes it', async () => {
    const line = await begin('2026-11-24T09:00');
    await line.learn('act_1', 2);
    await line.pass(70 * minuteMs);
    await line.act('acknowledge', 0);
    expect(await line.heard('ops')).toEqual([
      '09:00 account_suspended opened',
      '09:30 account_suspended repeat',
      '10:00 account_suspended repeat',
      '10:10 account_suspended acknowledged',
    ]);
    expect((await line.heard('lead'))[0]).toBe('09:10 account_suspended escalated');
    expect((await line.heard('boss'))[0]).toBe('09:20 account_suspended escalated');
    expect(await line.end()).toEqual([]);
  });

  test('a snooze is silence, its end a repeat, and the next one 30 minutes later', async () => {
    const line = await begin('2026-11-24T09:00');
    await line.learn('act_1', 2);
    await line.pass(5 * minuteMs);
    await line.act('snooze', 0);
    await line.pass(95 * minuteMs);
    expect((await line.heard('ops')).map((text) => text.slice(0, 5))).toEqual(['09:00', '10:05', '10:35']);
    expect(await line.end()).toEqual([]);
  });

  test('a fourth change within an hour is flapping, and the state is told when it has stood', async () => {
    const line = await begin('2026-11-24T09:00');
    for (const code of [2, 1, 2, 1, 2, 1, 2]) {
      await line.learn('act_1', code);
      await line.pass(5 * minuteMs);
    }
    await line.pass(26 * minuteMs);
    expect(await line.heard('ops')).toEqual([
      '09:00 account_suspended opened',
      '09:05 account_suspended resolved',
      '09:10 account_suspended opened',
      '09:15 account_flapping opened',
      '09:45 account_flapping repeat',
      '10:00 account_flapping resolved',
      '10:00 account_suspended opened',
    ]);
    expect(await line.end()).toEqual([]);
  });

  test.each([
    ['America/New_York', '2026-11-01T02:30', '2026-11-01T11:00'],
    ['America/New_York', '2027-03-14T03:30', '2027-03-14T10:00'],
    ['Australia/Lord_Howe', '2027-04-03T12:00', '2027-04-03T19:30'],
  ])(
    'a night in which the clocks of %s change holds till six in the morning',
    async (zone, start, morning) => {
      const line = await begin(start, { ...utcNight, zone });
      await line.learn('act_1', 8);
      await line.pass(30 * minuteMs);
      await line.learn('act_2', 8);
      await line.pass(at(morning) - line.bench.clock.at - 1);
      expect(await line.heard('person')).toEqual([]);
      await line.pass(1);
      expect(await line.heard('person')).toEqual([`${morning.slice(11)} quiet_digest digest`]);
      expect(await line.end()).toEqual([]);
    },
  );
});

test('random timelines: no rule is broken and no held message is lost', async () => {
  const tally = { events: 0, messages: 0, held: 0, digests: 0, flapping: 0 };
  let next = 0;
  await Promise.all(
    benches.map(async (bench) => {
      for (let n = next++; n < timelines; n = next++) {
        const { below, pick, roll } = dice(seed + n);
        const [zone, day] = pick(nights);
        const start = at(`${day}T00:00`) - (12 + below(24)) * hourMs + below(60) * minuteMs;
        const hours = pick([
          ['22:00', '06:00'],
          ['00:30', '02:30'],
          ['23:15', '01:45'],
          ['02:15', '08:00'],
        ] as const);
        const line = await Timeline.begin(bench, start, {
          person: 'person',
          zone,
          from: hours[0],
          to: hours[1],
        });
        for (const kind of ['account_suspended', 'not_delivering'])
          if (roll() < 0.5) await setRule(bench.deps, admin, { kind, severity: 'warning' });
        const events = 6 + below(12);
        for (let event = 0; event < events; event++) {
          await line.pass(pick([1, 3, 7, 12, 25, 45, 90, 180]) * minuteMs);
          const sort = roll();
          if (sort < 0.65) await line.learn(pick(accounts), pick([1, 2, 3, 8]));
          else if (sort < 0.73) await line.act('acknowledge', below(100));
          else if (sort < 0.81) await line.act('snooze', below(100));
          else if (sort < 0.93) await line.silence(pick(accounts), pick([0.5, 1, 3]));
          else await line.endSilence(below(100));
        }
        const faults = await line.end();
        if (faults.length > 0) {
          next = timelines;
          throw new Error(`ALERT_SEED=${seed + n}, ${zone} ${hours.join('-')}:\n${faults.join('\n')}`);
        }
        tally.events += events;
        tally.messages += bench.heard.length;
        tally.held += line.acts.held.size;
        tally.digests += bench.heard.filter(({ purpose }) => purpose === 'digest').length;
        tally.flapping += bench.heard.filter(({ title }) => title === 'Account flapping').length;
      }
    }),
  );
  console.log(
    `ALERT_SEED=${seed}: ${timelines} timelines ${JSON.stringify(tally)}: 0 violations, 0 held messages lost`,
  );
  for (const [what, times] of Object.entries(tally)) expect(times, what).toBeGreaterThan(timelines / 20);
}, 1_800_000);
