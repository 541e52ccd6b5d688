import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addAccount, manualClock, noon } from '../accounts/fleet.fixture.ts';

export const minuteMs = 60_000;
export const analyst: Actor = { role: 'analyst', name: 'mara@example.com' };
export const admin: Actor = { role: 'admin', name: 'owner@example.com' };

interface GivenAlert {
  kind?: string;
  severity?: string;
  title?: string;
  openedAt?: number;
  resolvedAt?: number;
  acknowledgedBy?: string;
  /** Account numbers. */
  accounts?: number[];
  /** By the channel's name: the state of its delivery. */
  told?: Record<string, string>;
}

/** A database with three channels and three accounts at noon, and whatever alerts a test adds. */
export class AlertBench {
  private test: TestDatabase | undefined;
  readonly clock = manualClock();
  channels: Record<string, number> = {};
  accounts: number[] = [];

  get database(): TestDatabase['database'] {
    if (this.test === undefined) throw new Error('not open');
    return this.test.database;
  }

  get deps() {
    return { database: this.database, clock: this.clock, settings: { sweepMs: minuteMs } };
  }

  open = async (): Promise<void> => {
    this.test = await testDatabase();
    const { sql } = this.database;
    for (const [id, vendor] of [
      ['act_1', 'North'],
      ['act_2', 'North'],
      ['act_3', 'South'],
    ] as const)
      this.accounts.push(await addAccount(sql, { id, vendor }));
  };
  close = async (): Promise<void> => this.test?.drop();

  reset = async (): Promise<void> => {
    this.clock.at = noon;
    const { sql } = this.database;
    await sql`truncate channels, alerts, alert_accounts, deliveries, silences, one_time_links, audit_log, digests,
      conditions restart identity cascade`;
    const rows = await sql<{ id: number; name: string }>`
      insert into channels (kind, name) values ('slack', 'ops'), ('email', 'night'), ('pagerduty', 'phone')
      returning id, name`;
    this.channels = Object.fromEntries(rows.map(({ id, name }) => [name, id]));
  };

  /** Opens an alert and answers its id. */
  async add(given: GivenAlert = {}): Promise<number> {
    const { sql } = this.database;
    const openedAt = given.openedAt ?? noon;
    const [row] = await sql<{ id: number }>`
      insert into alerts (key, kind, severity, title, body, fields, opened_at, resolved_at, acknowledged_at,
        acknowledged_by, acknowledged_reason, next_step_at)
      values (gen_random_uuid()::text, ${given.kind ?? 'account_suspended'}, ${given.severity ?? 'critical'},
        ${given.title ?? 'Account suspended'}, 'act_1: active → disabled', '[{"label":"Vendor","value":"North"},null]',
        ${openedAt}, ${given.resolvedAt ?? null}, ${given.acknowledgedBy === undefined ? null : openedAt + minuteMs},
        ${given.acknowledgedBy ?? null}, ${given.acknowledgedBy === undefined ? null : 'looked at'},
        ${openedAt + 10 * minuteMs}::timestamptz)
      returning id`;
    const id = row?.id ?? 0;
    for (const no of given.accounts ?? [])
      await sql`insert into alert_accounts (alert_id, account_no) values (${id}::int8, ${no})`;
    for (const [name, state] of Object.entries(given.told ?? {})) await this.deliver(id, name, state);
    return id;
  }

  async deliver(
    alertId: number,
    channel: string,
    state: string,
    step = 0,
    purpose = 'opened',
  ): Promise<void> {
    const at = this.clock.at;
    await this.database.sql`
      insert into deliveries (alert_id, channel_id, step, purpose, state, attempts, due_at, created_at, sent_at, duration_ms, last_error)
      values (${alertId}::int8, ${this.channels[channel] ?? 0}, ${step}, ${purpose}, ${state},
        ${state === 'pending' ? 0 : 1}, ${at}, ${at}, ${state === 'sent' ? at + 800 : null},
        ${state === 'sent' ? 800 : null}, ${state === 'dead' ? 'HTTP 410 gone' : null})`;
  }

  async alertRow(id: number) {
    const [row] = await this.database.sql<{
      acknowledged_at: number | null;
      acknowledged_by: string | null;
      acknowledged_reason: string | null;
      next_step_at: number | null;
      snoozed_until: number | null;
    }>`select acknowledged_at, acknowledged_by, acknowledged_reason, next_step_at, snoozed_until
      from alerts where id = ${id}::int8`;
    return row;
  }

  deliveries(alertId: number): Promise<{ channel: string; step: number; purpose: string; state: string }[]> {
    return this.database.sql`
      select c.name as channel, d.step, d.purpose, d.state from deliveries d join channels c on c.id = d.channel_id
      where d.alert_id = ${alertId}::int8 order by d.step, c.id`;
  }

  audit(): Promise<{ actor: string; action: string; detail: Record<string, unknown> }[]> {
    return this.database.sql`select actor, action, detail from audit_log order by id`;
  }
}
