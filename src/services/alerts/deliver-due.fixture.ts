import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import type { AlertMessage, Channel, SendOutcome } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { deliverDue, type DeliveryReport } from './deliver-due.ts';

export const noon = Date.UTC(2026, 10, 24, 12);

export const sent: SendOutcome = { outcome: 'sent' };
export const failed: SendOutcome & { outcome: 'retry' } = {
  outcome: 'retry',
  reason: 'HTTP 500',
  retryAfterMs: null,
  pausesChannel: false,
  mayHaveArrived: true,
};
export const refused: typeof failed = {
  ...failed,
  reason: 'no connection (ECONNREFUSED)',
  mayHaveArrived: false,
};
export const gone: SendOutcome = { outcome: 'dead', reason: 'HTTP 404 no_service', disablesChannel: true };
export const idle: DeliveryReport = { sent: 0, retried: 0, dead: 0, nextDueAt: null };

type Answer = SendOutcome | (() => Promise<SendOutcome>);
interface Receiver extends Channel {
  got: (AlertMessage & { at: number })[];
}

/** A database with the channels `ops` and `night`, a clock that moves by hand, and receivers that remember. */
export class SenderBench {
  now = noon;
  ids: Record<string, number> = {};
  logged: string[] = [];
  private test: TestDatabase | undefined;

  get database(): TestDatabase['database'] {
    if (this.test === undefined) throw new Error('not open');
    return this.test.database;
  }

  open = async (): Promise<void> => {
    this.test = await testDatabase();
  };
  close = async (): Promise<void> => this.test?.drop();

  reset = async (): Promise<void> => {
    this.now = noon;
    this.logged = [];
    await this.database.sql`truncate channels, alerts, alert_accounts, deliveries cascade`;
    const rows = await this.database.sql<{ id: number; name: string }>`
      insert into channels (kind, name) values ('slack', 'ops'), ('slack', 'night') returning id, name`;
    this.ids = Object.fromEntries(rows.map(({ id, name }) => [name, id]));
  };

  /** Time stands still but for sleeps, which pass at once. */
  readonly clock: Clock = {
    now: () => Promise.resolve(this.now),
    monotonicMs: () => this.now,
    sleep: (ms) => {
      this.now += ms;
      return Promise.resolve();
    },
  };

  /** Gives the answers in turn, the last one for ever. */
  receiver(answers: Answer[] = [sent], spacingMs = 0): Receiver {
    const got: Receiver['got'] = [];
    return {
      spacingMs,
      got,
      send: (message) => {
        got.push({ ...message, at: this.now });
        const answer = answers[Math.min(got.length, answers.length) - 1] ?? sent;
        return typeof answer === 'function' ? answer() : Promise.resolve(answer);
      },
    };
  }

  /** Opens `count` alerts now, each due at once on each of the named channels. */
  async enqueue(names: string[], count = 1, title = 'Account suspended'): Promise<number[]> {
    const { sql } = this.database;
    const alerts = await sql<{ id: number }>`
      insert into alerts (key, kind, severity, title, body, fields, opened_at)
      select gen_random_uuid()::text, 'account_suspended', 'critical', ${title}, 'act_1: active → disabled',
        '[{"label":"Vendor","value":"North"},{"label":"odd"},null]', ${this.now}::timestamptz
      from generate_series(1, ${count}::int) returning id`;
    const ids = alerts.map(({ id }) => id);
    for (const name of names)
      await sql`
        insert into deliveries (alert_id, channel_id, due_at, created_at)
        select id, ${this.ids[name] ?? 0}::int, ${this.now}::timestamptz, ${this.now}::timestamptz
        from unnest(${ids}::bigint[]) id`;
    return ids;
  }

  run(channels: Record<string, Channel>, owner = 'a', signal?: AbortSignal): Promise<DeliveryReport> {
    const write = (event: string, fields?: object) =>
      this.logged.push(`${event} ${JSON.stringify(fields ?? {})}`);
    return deliverDue(
      {
        database: this.database,
        clock: this.clock,
        log: { info: write, warn: write, error: write },
        openChannel: ({ name }) => Promise.resolve(channels[name] ?? null),
        linkOf: () => Promise.resolve(null),
        owner,
        random: () => 1,
      },
      signal ? { signal } : {},
    );
  }

  rowsOf(name: string): Promise<{ state: string; attempts: number; last_error: string | null }[]> {
    return this.database.sql`
      select state, attempts, last_error from deliveries where channel_id = ${this.ids[name] ?? 0} order by id`;
  }
}
