import type { PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { shortId } from '../../src/domain/short-id.ts';
import type { AlertMessage, Channel, SendOutcome } from '../../src/ports/channel.ts';
import type { Sql } from '../../src/ports/sql.ts';
import { addAccount } from '../../src/services/accounts/fleet.fixture.ts';
import { makeAlertLink } from '../../src/services/alerts/alert-links.ts';
import type { DeliveryDeps, DeliveryReport } from '../../src/services/alerts/deliver-due.ts';
import { failed, gone, noon, refused, sent } from '../../src/services/alerts/deliver-due.fixture.ts';
import { raiseAlerts } from '../../src/services/alerts/raise.ts';
import { resolveAlert } from '../../src/services/alerts/resolve-alert.ts';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import type { Dice } from '../dice.ts';
import { dueArrivals, type Arrival, type Name } from './due-arrivals.ts';
import { Mortal, type Fate, type Hits } from './mortal.ts';

const minuteMs = 60_000;
/** Beyond every lease: what a dead process held is free for the next one. */
const leapMs = 31_000;
const massSize = 11;

/** A write of the cycle that goes with the state it stems from, so that it is done once however often it is begun. */
type Work = (sql: Sql) => Promise<void>;

/** What the cycle has written, and what stands of it in the books of the alerting. */
interface Fingerprint {
  written: number;
  alerts: string;
}

/**
 * One house whose only process dies again and again, and its receivers. `recognise`: they know a message that comes again, by
 * its delivery key (`night` when it is asked). Otherwise they are plain, and answers get lost on their way.
 */
export class CrashWorld {
  readonly hits: Hits;
  readonly counts = { crashes: 0, lives: 0, sends: 0, arrivals: 0, repeats: 0, unknown: 0, alerts: 0 };
  readonly faults: string[] = [];
  #now = noon;
  #batch = 0;
  #calmFrom = Infinity;
  #gone: Name | null = null;
  #ids: Record<string, number> = {};
  #accounts: number[] = [];
  #arrived: { channel: Name; message: AlertMessage }[] = [];
  /** By delivery key: the processes of which nobody knows whether they brought it over. */
  readonly #inDoubt = new Map<string, Set<number>>();
  readonly #test: TestDatabase;
  /** A single connection: whose turn it is does not hang on which answer comes first, so that a seed tells all. */
  readonly #database: PostgresDatabase;
  readonly #dice: Dice;
  readonly #doRecognise: boolean;

  private constructor(test: TestDatabase, random: Dice, doRecognise: boolean, hits: Hits) {
    this.#test = test;
    this.#database = test.connect({ maxConnections: 1 });
    this.#dice = random;
    this.#doRecognise = doRecognise;
    this.hits = hits;
  }

  static async open(random: Dice, receivers: 'recognise' | 'plain', hits: Hits): Promise<CrashWorld> {
    const test = await testDatabase();
    const world = new CrashWorld(test, random, receivers === 'recognise', hits);
    const { sql, script } = world.#database;
    await script('create table written (what text primary key)');
    const rows = await sql<{ id: number; name: string }>`
      insert into channels (kind, name, escalation_level)
      values ('pagerduty', 'ops', 0), ('slack_bot', 'night', 0), ('pagerduty', 'boss', 1) returning id, name`;
    world.#ids = Object.fromEntries(rows.map(({ id, name }) => [name, id]));
    for (let n = 0; n < massSize; n++)
      world.#accounts.push(await addAccount(sql, { id: `act_${n}`, latest: null }));
    return world;
  }

  close = (): Promise<void> => this.#test.drop();

  /** The life of a few alerts, or of a wave: opened, escalated, repeated, ended. Then what arrived is compared. */
  async batch(): Promise<void> {
    const batch = ++this.#batch;
    this.#now += 5 * minuteMs;
    this.#calmFrom = Infinity;
    const canBeGone: (Name | null)[] = this.#doRecognise ? ['night', 'boss', null, null] : [null];
    this.#gone = this.#dice.pick(canBeGone);
    const isMass = this.#dice.below(4) === 0;
    const keys = isMass
      ? [`mass:account_suspended:${batch}`]
      : Array.from({ length: 1 + this.#dice.below(2) }, (_, n) => `act_${n}:account_suspended:${batch}`);
    await this.#settle('open', (sql) => this.#openAlerts(sql, isMass ? massSize : keys.length));
    const { sql } = this.#database;
    const [told] = await sql<{ at: number }>`select min(told_at) as at from alerts`;
    const toldAt = told?.at ?? 0;
    this.#calmFrom = toldAt + 45 * minuteMs;
    for (const after of [10, 30]) {
      this.#now = Math.max(this.#now, toldAt + after * minuteMs);
      await this.#settle('nothing', null);
    }
    await this.#settle('resolve', (inner) => this.#resolveAlerts(inner));
    await this.#compare(keys);
    await this.#database
      .script(`delete from one_time_links; delete from deliveries; delete from alert_accounts; delete from alerts; delete from written;
      update channels set disabled_at = null, disabled_reason = null, paused_until = null`);
    this.#arrived = [];
    this.#inDoubt.clear();
  }

  async #openAlerts(sql: Sql, size: number): Promise<void> {
    const alarms = this.#accounts.slice(0, size).map((accountNo, n) => ({
      ...{
        accountNo,
        cause: this.#batch,
        transitionId: null,
        isLasting: false,
        toldBefore: [],
        toldAlready: [],
      },
      facts: { accountId: `act_${n}`, name: null, vendor: 'North' },
      words: { title: 'Account suspended', body: `act_${n}: active → disabled`, fields: [] },
    }));
    await raiseAlerts(sql, 'account_suspended', 'critical', alarms, this.#now);
  }

  async #resolveAlerts(sql: Sql): Promise<void> {
    const open = await sql<{ id: number }>`
      select id from alerts where kind = 'account_suspended' and resolved_at is null order by id`;
    for (const { id } of open) await resolveAlert(sql, id, this.#now);
  }

  /** Processes live and die until one has found nothing more to do for a while. */
  async #settle(what: string, work: Work | null): Promise<void> {
    for (;;) {
      const before = await this.#fingerprint();
      const { report, diedWriting } = await this.#live(what, work);
      if (report !== null && (report.nextDueAt === null || report.nextDueAt > this.#now + minuteMs)) return;
      if (report?.nextDueAt != null) {
        if (report.nextDueAt <= this.#now) return void this.faults.push(`left what is due: ${what}`);
        this.#now = report.nextDueAt;
        continue;
      }
      this.counts.crashes += 1;
      if (diedWriting) await this.#mustBeWhole(what, before);
      await this.#noteInDoubt();
      this.#now += leapMs;
    }
  }

  /** One process, from its start to its end or to its crash. */
  async #live(what: string, work: Work | null) {
    const life = ++this.counts.lives;
    const mortal = new Mortal(this.#fate(), this.hits);
    const database = mortal.database(this.#database);
    let diedWriting = work !== null;
    let report: DeliveryReport | null = null;
    const unexpected = (event: string, fields?: object): void => {
      const isUsual = /^(delivery_dead|deliveries_dead|channel_disabled)$/.test(event);
      if (!mortal.isDead && !isUsual) this.faults.push(`${event} ${JSON.stringify(fields)}`);
    };
    const clock = {
      now: () => Promise.resolve(this.#now),
      monotonicMs: () => this.#now,
      sleep: async () => {},
    };
    const deps: DeliveryDeps = {
      ...{ database, clock, owner: `life ${life}`, random: () => 0 },
      log: { info: () => {}, warn: unexpected, error: unexpected },
      openChannel: ({ name }) => Promise.resolve(mortal.channel(name, this.#receiver(name as Name, life))),
      linkOf: (claim) => makeAlertLink(database.sql, { ...claim, at: this.#now }),
    };
    try {
      if (work !== null)
        await database.transaction(async (sql) => {
          const isNew = await sql`insert into written values (${what}) on conflict do nothing returning what`;
          if (isNew.length > 0) await work(sql);
        });
      diedWriting = false;
      report = await sendAlerts(deps);
    } catch (error) {
      if (!mortal.isDead) throw error;
    }
    return { report: mortal.isDead ? null : report, diedWriting };
  }

  /** A third of the processes die at the first step that was hit seldom so far, so that rare ones are hit as well. */
  #fate(): Fate {
    if (this.#now >= this.#calmFrom) return () => false;
    const quota = this.counts.crashes / (3 * this.hits.size);
    if (this.#dice.below(3) === 0) return (_, hits) => hits <= quota;
    const last = 1 + this.#dice.below(this.#dice.pick([16, 40, 120]));
    return (step) => step === last;
  }

  #receiver(channel: Name, life: number): Channel {
    const has = ({ deliveryKey }: AlertMessage): boolean =>
      this.#arrived.some(({ message }) => message.deliveryKey === deliveryKey);
    return {
      spacingMs: 0,
      send: (message) => Promise.resolve(this.#receive(channel, message, life, has(message))),
      ...(this.#doRecognise &&
        channel === 'night' && { findSent: (message) => Promise.resolve({ arrived: has(message) }) }),
    };
  }

  #receive(channel: Name, message: AlertMessage, life: number, isRepeat: boolean): SendOutcome {
    this.counts.sends += 1;
    if (this.#gone === channel) return gone;
    const doubts = this.#inDoubt.get(message.deliveryKey)?.size ?? 0;
    if (!this.#doRecognise && message.isPossibleRepeat !== doubts > 0)
      this.faults.push(
        `${message.deliveryKey} is ${doubts > 0 ? 'not ' : ''}marked, after ${doubts} unknown outcomes`,
      );
    const luck = this.#dice.below(this.#doRecognise ? 20 : 4);
    if (luck === 0) return refused;
    if (luck === 1) this.#doubt(message.deliveryKey, life);
    // Some answers are lost with the question.
    if (luck === 1 && this.#dice.below(2) === 0) return failed;
    if (isRepeat) {
      this.counts.repeats += 1;
      if (!this.#doRecognise && !message.isPossibleRepeat)
        this.faults.push(`${message.deliveryKey} came again unmarked`);
    }
    this.counts.arrivals += 1;
    const isRecognised = isRepeat && this.#doRecognise && channel !== 'night';
    if (!isRecognised) this.#arrived.push({ channel, message });
    return luck === 1 ? failed : sent;
  }

  #doubt(deliveryKey: string, life: number): void {
    const lives = this.#inDoubt.get(deliveryKey) ?? new Set();
    this.counts.unknown += lives.has(life) ? 0 : 1;
    this.#inDoubt.set(deliveryKey, lives.add(life));
  }

  /** What a dead process had claimed may have arrived. Of the dead that is all that can be known. */
  async #noteInDoubt(): Promise<void> {
    const rows = await this.#database.sql<{ key: string }>`
      select concat(alert_id, '-', channel_id, '-', step) as key from deliveries
      where state = 'claimed' and claimed_by = ${`life ${this.counts.lives}`}`;
    for (const { key } of rows) this.#doubt(key, this.counts.lives);
  }

  /** A process that died in the cycle's transaction has written all of it or nothing. */
  async #mustBeWhole(what: string, before: Fingerprint): Promise<void> {
    const after = await this.#fingerprint();
    const wasWritten = after.written !== before.written;
    if (wasWritten !== (after.alerts !== before.alerts))
      this.faults.push(`torn in ${what}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  }

  async #fingerprint(): Promise<Fingerprint> {
    const [row] = await this.#database.sql<Fingerprint>`
      select (select count(*) from written) as written,
        concat_ws(' ', (select count(*) from alerts), (select count(*) from alerts where resolved_at is null),
          (select count(*) from alert_accounts), (select count(*) from deliveries)) as alerts`;
    return row!;
  }

  /** What had to arrive against what did. The causes are the plan's, not the database's: what was not opened is lost. */
  async #compare(keys: readonly string[]): Promise<void> {
    const rows = await this.#database.sql<{ id: number; key: string }>`select id, key from alerts`;
    const keyOf = new Map(
      rows.map(({ id, key }) => [shortId(id), key.replace(/:disabled:\d+$/, ':disabled')]),
    );
    this.counts.alerts += rows.length;
    const textOf = ({ key, channel, purpose }: Arrival): string => `${key} ${purpose} ${channel}`;
    const all = this.#arrived.map(({ channel, message: { purpose, shortId: id } }) =>
      textOf({ key: keyOf.get(id) ?? id, channel, purpose }),
    );
    // Plain receivers cannot tell, so that here only what is missing counts; their repeats were judged as they came.
    const got = (this.#doRecognise ? all : [...new Set(all)]).sort();
    const due = dueArrivals(keys, this.#gone, this.#ids[this.#gone ?? ''])
      .map(textOf)
      .sort();
    if (JSON.stringify(got) !== JSON.stringify(due)) {
      const lost = due.filter((text) => !got.includes(text));
      const strange = got.filter((text, n) => !due.includes(text) || got.indexOf(text) !== n);
      this.faults.push(
        `batch ${this.#batch}, gone ${this.#gone}: lost [${lost.join(', ')}], too much [${strange.join(', ')}]`,
      );
    }
    const repeats =
      this.#arrived.length - new Set(this.#arrived.map(({ message }) => message.deliveryKey)).size;
    const doubts = [...this.#inDoubt.values()].reduce((sum, lives) => sum + lives.size, 0);
    if (repeats > doubts) this.faults.push(`${repeats} repeats after ${doubts} unknown outcomes`);
  }
}
