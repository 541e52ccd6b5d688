import type { AlertKind } from '../../src/domain/alert.ts';
import type { AccountId } from '../../src/domain/account.ts';
import type { StatusReading } from '../../src/domain/observation.ts';
import type { Actor } from '../../src/domain/permissions.ts';
import type { AlertMessage, Channel } from '../../src/ports/channel.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Database } from '../../src/ports/sql.ts';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { recordStatuses } from '../../src/services/poll/record-statuses.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { ManualClock } from '../manual-clock.ts';

/** The product's alerting on a real database, with channels that remember what they were sent and a clock that tests move. */

export const minuteMs = 60_000;
export const admin: Actor = { role: 'admin', name: 'owner@example.com' };

/** A message that has arrived. */
export interface Heard {
  /** Epoch ms. */
  at: number;
  channel: string;
  alertId: number;
  purpose: AlertMessage['purpose'];
  severity: AlertMessage['severity'];
  title: string;
  text: string;
}

export interface OpenAlert {
  id: number;
  kind: AlertKind;
}

export class AlertBench {
  heard: Heard[] = [];
  clock = new ManualClock(0);
  readonly errors: string[] = [];

  private constructor(readonly test: TestDatabase) {}

  /** `channels` are rows of the table as `values` has them: name, lowest_severity, escalation_level, zone or null. */
  static async open(
    channels: readonly [name: string, lowest: string, level: number, zone: string | null][],
    accounts: number,
  ): Promise<AlertBench> {
    const bench = new AlertBench(await testDatabase());
    const { sql } = bench;
    await sql`insert into connections (name, kind) values ('one', 'meta')`;
    for (const [name, lowest, level, zone] of channels) {
      if (zone !== null)
        await sql`insert into members (email, role, timezone) values (${`${name}@example.com`}, 'analyst', ${zone})`;
      await sql`
        insert into channels (kind, name, lowest_severity, escalation_level, member_id)
        values ('slack', ${name}, ${lowest}, ${level}, (select id from members where email = ${`${name}@example.com`}))`;
    }
    await bench.learn(Object.fromEntries(Array.from({ length: accounts }, (_, n) => [`act_${n + 1}`, 1])));
    return bench;
  }

  get sql() {
    return this.test.database.sql;
  }

  get deps() {
    return { database: this.test.database, clock: this.clock };
  }

  /** All accounts are well again and nothing has ever been told. */
  async reset(at: number): Promise<void> {
    await this.test.database.script(`
      truncate alerts, transitions, silences, alert_rules, deliveries, alert_accounts cascade;
      update latest set status_code = 1, state = 'active', observed_at = null;
      update latest set observed_at = 'epoch';
      update channels set paused_until = null;
      update members set quiet_from = null, quiet_to = null`);
    this.heard = [];
    this.errors.length = 0;
    this.clock = new ManualClock(at);
  }

  /** One reading of each of these accounts, all in one page. */
  async learn(
    codes: Readonly<Record<string, number>>,
    database: Database = this.test.database,
  ): Promise<void> {
    const at = this.clock.at;
    const readings = Object.entries(codes).map(([id, code]) => readingOf(id as AccountId, code));
    await recordStatuses(database, { claim: null, connectionId: 1, readings, askedAt: at, at });
  }

  /** What a process does whenever its timer rings; answers when it wants to be called again. */
  async send(database: Database = this.test.database): Promise<number | null> {
    const write = (event: string, fields?: object) =>
      void this.errors.push(`${event} ${JSON.stringify(fields)}`);
    const log: Log = { info: () => {}, warn: write, error: write };
    const { nextDueAt } = await sendAlerts({
      ...{ database, clock: this.clock, log, owner: 'bench', random: () => 0.5 },
      linkOf: () => Promise.resolve(null),
      openChannel: ({ name }) => Promise.resolve(this.#recorder(name)),
    });
    return nextDueAt;
  }

  async quiet(person: string, hours: { from: string; to: string } | null): Promise<void> {
    await this.sql`
      update members set quiet_from = ${hours?.from ?? null}::time, quiet_to = ${hours?.to ?? null}::time
      where email = ${`${person}@example.com`}`;
  }

  /** The kind and the accounts of every alert that there was. */
  async alerts(): Promise<Map<number, { kind: AlertKind; accounts: string[] }>> {
    const rows = await this.sql<{ id: number; kind: AlertKind; accounts: string[] }>`
      select al.id, al.kind, array(select a.account_id from alert_accounts x join accounts a on a.no = x.account_no
        where x.alert_id = al.id order by 1) as accounts from alerts al`;
    return new Map(rows.map((row) => [row.id, row]));
  }

  #recorder(channel: string): Channel {
    return {
      spacingMs: 0,
      send: ({ deliveryKey, purpose, severity, title, text }) => {
        const alertId = Number(deliveryKey.split('-')[0]);
        this.heard.push({ at: this.clock.at, channel, alertId, purpose, severity, title, text });
        return Promise.resolve({ outcome: 'sent' });
      },
    };
  }
}

function readingOf(accountId: AccountId, statusCode: number): StatusReading {
  return {
    ...{ accountId, statusCode, name: null, disableReason: null, currency: 'USD', timezone: 'UTC' },
    ...{ amountSpentMinor: null, balanceDueMinor: null, businessId: null, businessName: null },
    spendCap: { minor: null, source: 'unknown' },
  };
}

/** A database on which the next transaction dies after so many statements, with all that it has done. */
export function dyingDatabase(database: Database, statements: number): Database {
  let isDying = true;
  return {
    sql: database.sql,
    listen: (...given) => database.listen(...given),
    takeSlow: () => database.takeSlow(),
    close: () => database.close(),
    async transaction(work, limits) {
      if (!isDying) return database.transaction(work, limits);
      isDying = false;
      return database.transaction(async (sql) => {
        let left = statements;
        const result = await work((text, ...values) => {
          if (left-- <= 0) throw new Crash();
          return sql(text, ...values);
        });
        if (left >= 0) throw new Crash();
        return result;
      }, limits);
    },
  };
}

/** The process has died. */
export class Crash extends Error {}
