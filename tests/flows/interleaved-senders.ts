import type { PostgresDatabase } from '../../src/adapters/database/connect.ts';
import type { AlertMessage, Channel, SendOutcome } from '../../src/ports/channel.ts';
import type { Database } from '../../src/ports/sql.ts';
import { acknowledgeAlert } from '../../src/services/alerts/acknowledge-alert.ts';
import { analyst } from '../../src/services/alerts/alerts.fixture.ts';
import { deliverDue, type DeliveryReport } from '../../src/services/alerts/deliver-due.ts';
import { failed, noon, refused, sent } from '../../src/services/alerts/deliver-due.fixture.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { dice, type Dice } from '../dice.ts';
import { Stage } from './stage.ts';

/** Kept by the database itself, so that the books do not hang on what a sender believes. A sender is its connection's name. */
const books = `
  create table claims (delivery bigint, attempt int, sender text, claimed_at timestamptz, until timestamptz, ended boolean);
  create index on claims (delivery);
  create table faults (what text);
  create function watch_claims() returns trigger language plpgsql as $$
  declare me text := current_setting('application_name');
  begin
    if old.state in ('sent', 'dead') then
      insert into faults values (concat(me, ' wrote over ', old.state, ' ', old.id));
    elsif new.state = 'claimed' and new.attempts <> old.attempts then
      insert into faults select concat(me, ' claimed ', new.id, ' of ', c.sender)
        from claims c where c.delivery = new.id and not c.ended and c.until > new.claimed_at;
      insert into claims values (new.id, new.attempts, me, new.claimed_at, new.lease_until, false);
    elsif old.state = 'claimed' then
      insert into faults select concat(me, ' recorded ', new.state, ' for ', c.sender, ', ', new.id)
        from claims c where c.delivery = new.id and c.attempt = old.attempts and c.sender <> me;
      update claims c set ended = true where c.delivery = new.id;
    end if;
    return null;
  end $$;
  create trigger watch_claims after update of state, attempts on deliveries for each row execute function watch_claims();`;

const senders = ['one', 'two', 'three'];
/** Mostly nothing; sometimes a pause of a channel, a good part of a lease, more than a lease. */
const leapsMs = [1_000, 10_000, 19_000, 31_000];

/** Senders whose awaits are shuffled with each other's, with acknowledgements and with time. */
export class InterleavedSenders {
  readonly counts = { turns: 0, claims: 0, takeovers: 0, stale: 0, sends: 0, acknowledged: 0, stuck: 0 };
  #now = noon;
  readonly #test: TestDatabase;
  readonly #pools: Record<string, PostgresDatabase>;
  readonly #stage: Stage;
  readonly #arrived = new Set<string>();

  private constructor(test: TestDatabase) {
    this.#test = test;
    this.#stage = new Stage(test.database.sql);
    this.#pools = Object.fromEntries(
      [...senders, 'person', 'last'].map((applicationName) => [
        applicationName,
        test.connect({ applicationName, maxConnections: 1 }),
      ]),
    );
  }

  static async open(): Promise<InterleavedSenders> {
    const test = await testDatabase();
    await test.database.script(`${books} insert into channels (kind, name) values ('slack', 'ops')`);
    return new InterleavedSenders(test);
  }

  close = (): Promise<void> => this.#test.drop();

  /** One interleaving; answers what is wrong with the books after it. */
  async play(seed: number): Promise<string[]> {
    const random = dice(seed);
    const { sql, script } = this.#test.database;
    // Truncating would take longer than the play.
    await script(`delete from claims; delete from audit_log; delete from deliveries; delete from alerts;
      update channels set paused_until = null`);
    this.#arrived.clear();
    this.#now += 60_000;
    const alerts = await sql<{ id: number }>`
      with opened as (
        insert into alerts (key, kind, severity, title, body, opened_at)
        select concat('cause ', n), 'account_suspended', 'critical', 'Account suspended', 'act_1', ${this.#now}::timestamptz
        from generate_series(1, ${random.below(3) === 0 ? 2 : 1}::int) n returning id)
      insert into deliveries (alert_id, channel_id, due_at, created_at)
      select opened.id, c.id, ${this.#now}::timestamptz, ${this.#now}::timestamptz from opened, channels c
      returning alert_id as id`;
    const actors: Record<string, () => Promise<void>> = {};
    // Runs of one process overlap as well: then its name is on the claims of both.
    const isOneProcess = random.below(3) === 0;
    for (const name of senders.slice(0, 2 + random.below(2)))
      actors[name] = async () => {
        const owner = isOneProcess ? 'process' : name;
        for (let run = random.below(2); run < 2; run++)
          await this.#send(this.#stage.database(name, this.#pools[name]!), name, owner, random);
      };
    actors['person'] = () => this.#acknowledge(random.pick(alerts).id);
    let frozen = '';
    await this.#stage.play(actors, random, () => {
      this.counts.turns += 1;
      if (random.below(12) === 0) {
        this.#now += random.pick(leapsMs);
        frozen = random.pick(senders);
      }
      // It thaws when others have had the time to take over what it holds.
      if (random.below(16) === 0) frozen = '';
      return frozen;
    });
    await this.#drain(random);
    return this.#audit();
  }

  async #acknowledge(alertId: number): Promise<void> {
    const database = this.#stage.database('person', this.#pools['person']!);
    const clock = { now: () => Promise.resolve(this.#now) };
    const act = await acknowledgeAlert({ database, clock }, analyst, { alertId, reason: 'looked at' });
    this.counts.acknowledged += act.isDone ? 1 : 0;
  }

  #send(
    database: Pick<Database, 'sql' | 'transaction'>,
    name: string,
    owner: string,
    random: Dice,
  ): Promise<DeliveryReport> {
    const note = (_event: string, fields?: { result?: unknown }): void => {
      if (fields?.result === 'stale') this.counts.stale += 1;
    };
    const receive = async (message: AlertMessage): Promise<SendOutcome> => {
      this.counts.sends += 1;
      const luck = random.below(6);
      if (luck === 0) return refused;
      this.#arrived.add(message.deliveryKey);
      return luck === 1 ? failed : sent;
    };
    const channel: Channel = {
      spacingMs: 0,
      send: (message) =>
        name === 'last' ? receive(message) : this.#stage.turn(name, () => receive(message)),
    };
    return deliverDue({
      ...{ database, owner, random: () => 0 },
      clock: { now: () => Promise.resolve(this.#now), monotonicMs: () => this.#now, sleep: async () => {} },
      log: { info: note, warn: () => {}, error: () => {} },
      openChannel: () => Promise.resolve(channel),
      linkOf: () => Promise.resolve(null),
    });
  }

  /** What the others have left, by one that is alone. */
  async #drain(random: Dice): Promise<void> {
    for (;;) {
      const { nextDueAt } = await this.#send(this.#pools['last']!, 'last', 'last', random);
      // What is due and was not taken is left, and the audit sees it.
      if (nextDueAt === null || nextDueAt <= this.#now) return;
      this.#now = nextDueAt;
    }
  }

  async #audit(): Promise<string[]> {
    const { sql } = this.#test.database;
    const faults = await sql<{ what: string }>`
      select what from faults
      union all select concat('left ', state, ': ', id) from deliveries where state <> 'sent'
      union all select concat('acknowledged and not told: ', id) from alerts a where acknowledged_at is not null
        and not exists (select from deliveries d where d.alert_id = a.id and d.purpose = 'acknowledged')`;
    const keys = await sql<{ key: string }>`
      select concat(alert_id, '-', channel_id, '-', step) as key from deliveries`;
    const [claims] = await sql<{ all: number; takeovers: number }>`
      select count(*) as all, count(*) filter (where exists (
        select from claims n where n.delivery = c.delivery and n.attempt = c.attempt + 1 and n.claimed_at >= c.until)) as takeovers
      from claims c`;
    this.counts.claims += claims!.all;
    this.counts.takeovers += claims!.takeovers;
    this.counts.stuck = this.#stage.stuck;
    const lost = keys.filter(({ key }) => !this.#arrived.has(key)).map(({ key }) => `lost ${key}`);
    return [...faults.map(({ what }) => what), ...lost];
  }
}
