import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/ports/sql.ts';
import { acknowledgeAlert } from '../../src/services/alerts/acknowledge-alert.ts';
import { createSilence } from '../../src/services/alerts/create-silence.ts';
import { endSilence } from '../../src/services/alerts/end-silence.ts';
import { setRule } from '../../src/services/alerts/set-rule.ts';
import { snoozeAlert } from '../../src/services/alerts/snooze-alert.ts';
import { dice, isLong, type Dice } from '../dice.ts';
import { admin, AlertBench, Crash, dyingDatabase, minuteMs } from './alert-bench.ts';
import { AlertModel, type ModelAlert } from './alert-model.ts';

/** The long run: LONG=1 npx vitest run --project integration tests/flows/alert-model; one run again: ALERT_SEED=… */

const seed = Number(process.env['ALERT_SEED'] ?? 20_261_124);
const runs = isLong ? 2000 : 60;
const mostCommands = 60;
const lanes = 2;
const startAt = Date.UTC(2026, 10, 24, 18);
const accounts = ['act_1', 'act_2', 'act_3'];
const rules = [
  { kind: 'account_suspended', isOn: false, severity: 'critical' },
  { kind: 'account_suspended', isOn: true, severity: 'critical' },
  { kind: 'account_suspended', isOn: true, severity: 'warning' },
  { kind: 'account_suspended', isOn: true, severity: 'info' },
  { kind: 'not_delivering', isOn: true, severity: 'warning' },
  { kind: 'account_restored', isOn: false, severity: 'info' },
  { kind: 'account_restored', isOn: true, severity: 'warning' },
  { kind: 'account_flapping', isOn: false, severity: 'critical' },
  { kind: 'account_flapping', isOn: true, severity: 'warning' },
] as const;

/** `n` chooses among what there is when its turn comes, so that a run stays one when commands are left out of it. */
type Command =
  | { do: 'learn'; account: string; code: number; diesAfter: number | null }
  | { do: 'pass'; minutes: number; diesAfter: number | null }
  | { do: 'acknowledge'; n: number; diesAfter: number | null }
  | { do: 'snooze'; n: number; until: '15min' | '1h' }
  | { do: 'silence'; account: string | null; hours: number }
  | { do: 'end silence'; n: number }
  | { do: 'rule'; rule: (typeof rules)[number] }
  | { do: 'quiet'; isOn: boolean };

function draw({ below, pick, roll }: Dice): Command {
  const diesAfter = roll() < 0.1 ? below(25) : null;
  const n = below(1000);
  const sort = below(100);
  if (sort < 42) return { do: 'learn', account: pick(accounts), code: pick([1, 1, 2, 2, 3, 8]), diesAfter };
  if (sort < 72) return { do: 'pass', minutes: pick([1, 10, 20, 30, 40, 90]), diesAfter };
  if (sort < 77) return { do: 'acknowledge', n, diesAfter };
  if (sort < 82) return { do: 'snooze', n, until: pick(['15min', '1h']) };
  if (sort < 87) return { do: 'silence', account: pick([...accounts, null]), hours: pick([0.25, 0.5, 1, 2]) };
  if (sort < 90) return { do: 'end silence', n };
  if (sort < 95) return { do: 'rule', rule: pick(rules) };
  return { do: 'quiet', isOn: roll() < 0.7 };
}

let benches: AlertBench[];
beforeAll(async () => {
  benches = await Promise.all(
    Array.from({ length: lanes }, () =>
      AlertBench.open(
        [
          ['ops', 'info', 0, null],
          ['person', 'warning', 0, 'Europe/Kyiv'],
          ['lead', 'critical', 1, null],
        ],
        accounts.length,
      ),
    ),
  );
});
afterAll(() => Promise.all(benches.map((bench) => bench.test.drop())));

/** One run of the product beside the model. */
class Run {
  readonly model = new AlertModel(startAt);
  crashes = 0;

  constructor(readonly bench: AlertBench) {}

  /** Does the commands, lets everything come to its end and answers where the two differ. */
  async play(commands: readonly Command[]): Promise<string[]> {
    const { bench, model } = this;
    await bench.reset(startAt);
    for (const command of commands) await this.#step(command);
    for (const [n] of model.silences.entries()) await this.#step({ do: 'end silence', n });
    for (let n = 0; n < 5; n++) await this.#step({ do: 'pass', minutes: 20, diesAfter: null });
    // By then whatever a night has held is due.
    for (const hours of [12, 12]) await this.#step({ do: 'pass', minutes: hours * 60 + 0, diesAfter: null });
    const expected = [...model.heard].sort();
    const heard = await this.#heard();
    const faults = [
      ...expected
        .filter((line, at) => expected.indexOf(line) === at && count(heard, line) < count(expected, line))
        .map((line) => `missing: ${line}`),
      ...heard
        .filter((line, at) => heard.indexOf(line) === at && count(heard, line) > count(expected, line))
        .map((line) => `not due: ${line}`),
    ];
    const left = await bench.sql`select id from deliveries where state not in ('sent', 'digested')`;
    if (left.length > 0) faults.push(`${left.length} messages left behind`);
    return faults;
  }

  async #heard(): Promise<string[]> {
    const alerts = await this.bench.alerts();
    return this.bench.heard
      .map(({ at, channel, alertId, purpose, title }) => {
        const { kind, accounts } = alerts.get(alertId) ?? { kind: 'unknown', accounts: [] };
        if (purpose === 'digest') return `${at} ${channel} digest of ${title.split(' ')[0]}`;
        return `${at} ${channel} ${accounts.join(',')} ${kind} ${purpose}`;
      })
      .sort();
  }

  async #step(command: Command): Promise<void> {
    const { bench, model } = this;
    switch (command.do) {
      case 'learn': {
        const { account, code, diesAfter } = command;
        const isDead = await this.#die(diesAfter, (database) => bench.learn({ [account]: code }, database));
        if (isDead) return;
        await bench.learn({ [account]: code });
        return model.learn(account, code);
      }
      case 'pass': {
        await bench.send();
        model.send();
        bench.clock.advance(command.minutes * minuteMs);
        model.now = bench.clock.at;
        if (command.diesAfter !== null) {
          this.crashes += 1;
          await bench.send(dyingDatabase(bench.test.database, command.diesAfter));
        }
        await bench.send();
        return model.send();
      }
      case 'acknowledge': {
        const alert = pickOf(model.actable(), command.n);
        if (alert === undefined) return;
        const wish = { alertId: await this.#idOf(alert), reason: 'looked at' };
        const acknowledge = (database: Database) =>
          acknowledgeAlert({ ...bench.deps, database }, admin, wish);
        if (await this.#die(command.diesAfter, acknowledge)) return;
        expect(await acknowledge(bench.test.database)).toEqual({ isDone: true });
        return model.acknowledge(alert);
      }
      case 'snooze': {
        const alert = pickOf(model.actable(), command.n);
        if (alert === undefined) return;
        const alertId = await this.#idOf(alert);
        const { until } = command;
        expect(await snoozeAlert(bench.deps, admin, { alertId, until })).toEqual({ isDone: true });
        return model.snooze(alert, (until === '1h' ? 60 : 15) * minuteMs);
      }
      case 'silence': {
        const { account, hours } = command;
        const kinds = account === null ? ['account_suspended'] : [];
        const wish = { reason: 'moving house', hours, account, vendor: null, kinds };
        expect(await createSilence(bench.deps, admin, wish as never)).toEqual({ isDone: true });
        model.silences.push({ account, until: model.now + hours * 60 * minuteMs });
        return;
      }
      case 'end silence': {
        const silence = pickOf(model.silences, command.n);
        if (silence === undefined || silence.until <= model.now) return;
        const [row] = await bench.sql<{ id: number }>`
          select id from silences order by id offset ${model.silences.indexOf(silence)} limit 1`;
        expect(await endSilence(bench.deps, admin, { silenceId: row?.id ?? 0 })).toEqual({ isDone: true });
        silence.until = model.now;
        return;
      }
      case 'rule': {
        const { kind, ...rule } = command.rule;
        expect(await setRule(bench.deps, admin, command.rule)).toMatchObject({ isDone: true });
        model.rules[kind] = rule;
        return;
      }
      case 'quiet':
        await bench.quiet('person', command.isOn ? { from: '22:00', to: '06:00' } : null);
        model.isQuiet = command.isOn;
    }
  }

  /** Whether the process died in the act; then nothing of it may have happened. */
  async #die(after: number | null, act: (database: Database) => Promise<unknown>): Promise<boolean> {
    if (after === null) return false;
    this.crashes += 1;
    await expect(act(dyingDatabase(this.bench.test.database, after))).rejects.toThrow(Crash);
    return true;
  }

  async #idOf(alert: ModelAlert): Promise<number> {
    const like = this.model.alerts.filter((a) => a.account === alert.account && a.kind === alert.kind);
    const [row] = await this.bench.sql<{ id: number }>`
      select al.id from alerts al join alert_accounts x on x.alert_id = al.id join accounts a on a.no = x.account_no
      where al.kind = ${alert.kind} and a.account_id = ${alert.account} order by al.id offset ${like.indexOf(alert)} limit 1`;
    return row?.id ?? 0;
  }
}

const pickOf = <T>(from: readonly T[], n: number): T | undefined => from[n % Math.max(1, from.length)];
const count = (lines: readonly string[], line: string): number => lines.filter((one) => one === line).length;

/** The run without whatever it fails without. */
async function shorten(bench: AlertBench, commands: readonly Command[]): Promise<Command[]> {
  let short = [...commands];
  for (let at = short.length - 1; at >= 0; at--) {
    const without = short.filter((_, n) => n !== at);
    if ((await new Run(bench).play(without)).length > 0) short = without;
  }
  return short;
}

test('model test: polls, time, acknowledge, silence, quiet hours, rule edits, crashes', async () => {
  const tally = { commands: 0, crashes: 0, messages: 0, faults: 0 };
  const purposes: Record<string, number> = {};
  let next = 0;
  await Promise.all(
    benches.map(async (bench) => {
      for (let n = next++; n < runs; n = next++) {
        const random = dice(seed + n);
        const commands = Array.from({ length: 1 + random.below(mostCommands) }, () => draw(random));
        const run = new Run(bench);
        const faults = await run.play(commands);
        if (faults.length > 0) {
          next = runs;
          const short = await shorten(bench, commands);
          const why = await new Run(bench).play(short);
          throw new Error(
            `ALERT_SEED=${seed + n}: ${why.join('; ')}\n${short.map((command) => JSON.stringify(command)).join('\n')}`,
          );
        }
        tally.commands += commands.length;
        tally.crashes += run.crashes;
        tally.messages += run.model.heard.length;
        for (const line of run.model.heard) {
          const what = line.includes(' digest ') ? 'digest' : (line.split(' ').at(-1) ?? '');
          purposes[what] = (purposes[what] ?? 0) + 1;
        }
      }
    }),
  );
  console.log(
    `ALERT_SEED=${seed}: ${runs} runs, ${tally.commands} commands, ${tally.crashes} crashes, ` +
      `${tally.messages} messages ${JSON.stringify(purposes)}: 0 divergences`,
  );
  for (const what of ['opened', 'repeat', 'escalated', 'acknowledged', 'resolved', 'digest'])
    expect(purposes[what] ?? 0, what).toBeGreaterThan(runs / 10);
}, 1_800_000);
