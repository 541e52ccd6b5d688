import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { health } from '../../contract/health.ts';
import type { Sql } from '../../ports/sql.ts';
import { addAccount, addCycle, manualClock, noon } from '../accounts/fleet.fixture.ts';
import { readHealth } from './read-health.ts';

let store: TestDatabase;
let clock: ReturnType<typeof manualClock>;
const log = { error: vi.fn() };
const metricsMs = 300_000;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  clock = manualClock();
  log.error.mockClear();
  await store.database.script('truncate accounts, connections, cycles, alerts, channels cascade');
});

const read = async (database: { sql: Sql } = store.database) =>
  health.parse(await readHealth({ database, clock, log, settings: { metricsMs } }));
const cycle = (slot: number, finishedAt: number | null, attempted: number, succeeded: number) =>
  addCycle(store.database.sql, 'metrics', slot, finishedAt, { attempted, succeeded });

it('health is stale, not ok, while every account belongs to a dead token', async () => {
  await cycle(1, noon - 2 * metricsMs - 1, 2, 2);
  await addCycle(store.database.sql, 'metrics', 2, noon, { attempted: 0, succeeded: 0, unasked: 2 });
  expect((await read()).status).toBe('stale');
  await addCycle(store.database.sql, 'metrics', 3, noon, { attempted: 0, succeeded: 0, unasked: 0 });
  expect((await read()).status).toBe('ok');
});

async function addDelivery(state: string, dueAt: number): Promise<void> {
  await store.database.sql`
    with channel as (insert into channels (kind, name) values ('slack', ${state}) returning id),
      alert as (insert into alerts (key, kind, severity, title, body, opened_at)
        values (${state}, 'account_suspended', 'critical', '', '', ${noon}) returning id)
    insert into deliveries (alert_id, channel_id, state, due_at, created_at)
    select alert.id, channel.id, ${state}, ${dueAt}, ${noon} from alert, channel`;
}

describe('health is starting', () => {
  it('before the first metrics cycle has finished', async () => {
    await cycle(1, null, 2, 2);
    await addCycle(store.database.sql, 'status', 1, noon, { attempted: 2, succeeded: 2 });
    expect(await read()).toEqual({
      status: 'starting',
      last_fb_sync: null,
      accounts_monitored: 0,
      success_rate: null,
    });
  });

  it('while no account has been read', async () => {
    await cycle(1, noon, 3, 0);
    expect(await read()).toMatchObject({ status: 'starting', last_fb_sync: null, success_rate: 0 });
  });
});

describe('health is ok', () => {
  it('after a cycle in which one account succeeded', async () => {
    for (const id of ['act_1', 'act_2', 'act_3', 'act_4']) await addAccount(store.database.sql, { id });
    await addAccount(store.database.sql, { id: 'act_5', archivedAt: noon });
    await cycle(1, noon - 1_000, 4, 1);
    expect(await read()).toEqual({
      status: 'ok',
      last_fb_sync: '2026-11-24T11:59:59.000Z',
      accounts_monitored: 4,
      success_rate: 0.25,
    });
  });

  it('when there was no account to read', async () => {
    await cycle(1, noon, 0, 0);
    expect(await read()).toMatchObject({ status: 'ok', success_rate: null });
  });

  it('until two intervals have passed, although a later cycle read nothing', async () => {
    await cycle(1, noon, 2, 2);
    await cycle(2, noon + metricsMs, 2, 0);
    clock.at = noon + 2 * metricsMs;
    const sync = '2026-11-24T12:00:00.000Z';
    expect(await read()).toMatchObject({ status: 'ok', last_fb_sync: sync, success_rate: 0 });
    clock.at += 1;
    expect(await read()).toMatchObject({ status: 'stale', last_fb_sync: sync, success_rate: 0 });
  });
});

describe('a delivery', () => {
  it.each(['pending', 'retry', 'claimed'])(
    'that is %s makes health stale two minutes after it was due',
    async (state) => {
      await cycle(1, noon, 1, 1);
      await addDelivery(state, noon - 120_000);
      expect(await read()).toMatchObject({ status: 'ok' });
      clock.at = noon + 1;
      expect(await read()).toMatchObject({ status: 'stale' });
    },
  );

  it.each(['sent', 'dead'])('that is %s does not', async (state) => {
    await cycle(1, noon, 1, 1);
    await addDelivery(state, noon - 3_600_000);
    expect(await read()).toMatchObject({ status: 'ok' });
  });
});

describe('a database', () => {
  const unknown = { status: 'stale', last_fb_sync: null, accounts_monitored: null, success_rate: null };

  it('that refuses is stale, and the log says why', async () => {
    const closed = store.connect();
    await closed.close();
    expect(await read(closed)).toEqual(unknown);
    expect(log.error).toHaveBeenCalledOnce();
  });

  it('that hangs is stale after some seconds', async () => {
    const waits: number[] = [];
    clock.sleep = async (ms) => {
      waits.push(ms);
    };
    expect(await read({ sql: () => new Promise(() => {}) })).toEqual(unknown);
    expect(waits).toEqual([5_000]);
  });
});
