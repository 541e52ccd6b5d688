import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { emptyReport } from '../../domain/cycle-report.ts';
import type { Failure } from '../../domain/observation.ts';
import type { AlertRule } from '../../domain/rules.ts';
import { ensureConnection, findConnection } from '../../store/connections.ts';
import { writeRule } from '../../store/alert-rules.ts';
import { manualClock, noon } from '../accounts/fleet.fixture.ts';
import { judgeConnection, judgeRates } from './judge-connection.ts';

let store: TestDatabase;
const db = () => store.database.sql;

beforeEach(async () => {
  store = await testDatabase();
  await ensureConnection(db(), 'large', 'meta');
  await ensureConnection(db(), 'small', 'meta');
});
afterEach(() => store.drop());

interface Part {
  connection: number;
  attempted: number;
  succeeded: number;
  failures?: Record<string, number>;
}

/** A finished cycle with what its parts counted, judged. */
async function cycle(slot: number, parts: Part[]): Promise<void> {
  await db()`
    insert into cycles (kind, slot, started_at, finished_at)
    values ('metrics', ${slot}, ${noon}::timestamptz, ${noon + slot * 300_000}::timestamptz)`;
  for (const [shard, { connection, failures = {}, ...counts }] of parts.entries())
    await db()`
      insert into shards (kind, slot, shard, connection_id, part, parts, finished_at, report)
      values ('metrics', ${slot}, ${shard}, ${connection}, ${shard}, ${parts.length}, ${noon}::timestamptz,
        ${JSON.stringify({ ...emptyReport, ...counts, failures })}::jsonb)`;
  await judgeRates({ database: store.database, clock: manualClock() });
}

const alerts = async () =>
  db()<{ kind: string; body: string; isOpen: boolean; severity: string; connection: number }>`
    select kind, body, resolved_at is null as "isOpen", severity, connection_id as connection from alerts order by id`;

async function sweep(attempted: number, succeeded: number, failure: Failure | null = null): Promise<void> {
  const connection = await findConnection(db(), { id: 1 });
  if (connection === null) throw new Error('no connection');
  await judgeConnection(
    { database: store.database },
    connection,
    failure,
    { attempted, succeeded, versionWarning: null },
    noon,
  );
}

test('the parts of a connection are judged together, whichever comes last', async () => {
  await cycle(1, [
    { connection: 1, attempted: 500, succeeded: 440, failures: { transient: 50, shape: 10 } },
    { connection: 1, attempted: 500, succeeded: 500 },
    { connection: 2, attempted: 20, succeeded: 20 },
  ]);
  expect(await alerts()).toMatchObject([
    { kind: 'polling_failing', connection: 1, isOpen: true, severity: 'critical' },
  ]);
  expect((await alerts())[0]?.body).toContain('940 of 1000 accounts were read (50 transient, 10 shape)');
  await cycle(2, [
    { connection: 1, attempted: 500, succeeded: 450 },
    { connection: 1, attempted: 500, succeeded: 500 },
  ]);
  expect(await alerts()).toMatchObject([{ isOpen: false }]);
});

test('a part alone that fails does not tell of a connection that is well, and what was not asked tells nothing', async () => {
  await cycle(1, [
    { connection: 1, attempted: 100, succeeded: 60 },
    { connection: 1, attempted: 900, succeeded: 900 },
    { connection: 2, attempted: 0, succeeded: 0 },
  ]);
  expect(await alerts()).toEqual([]);
});

test('a dead token is for the sweep to tell', async () => {
  await cycle(1, [{ connection: 1, attempted: 30, succeeded: 0, failures: { token: 30 } }]);
  await db()`update connections set state = 'token_dead' where id = 2`;
  await cycle(2, [{ connection: 2, attempted: 30, succeeded: 0, failures: { transient: 30 } }]);
  expect(await alerts()).toEqual([]);
});

test('three sweeps in a row that read too little are told, not two, and one that is whole ends the row', async () => {
  for (const succeeded of [94, 94, 95, 94, 94]) await sweep(100, succeeded);
  expect(await alerts()).toEqual([]);
  await sweep(100, 94);
  expect(await alerts()).toMatchObject([{ kind: 'polling_failing', isOpen: true }]);
  expect((await alerts())[0]?.body).toContain(
    '3 sweeps in a row failed, the last one read 94 of 100 accounts',
  );
});

test('both thresholds and the severity are tuned, and it can be switched off', async () => {
  const rule: AlertRule = {
    ...{ kind: 'polling_failing', vendorId: null, accountNo: null, isOn: null },
    ...{ severity: 'warning', thresholds: { percent: 50, cycles: 1 } },
  };
  await writeRule(db(), rule, 'test', noon);
  await cycle(1, [{ connection: 1, attempted: 10, succeeded: 5 }]);
  expect(await alerts()).toEqual([]);
  await sweep(10, 4);
  expect(await alerts()).toMatchObject([{ severity: 'warning' }]);
  await db()`delete from alerts`;
  await writeRule(db(), { ...rule, isOn: false }, 'test', noon);
  await cycle(2, [{ connection: 2, attempted: 10, succeeded: 0 }]);
  expect(await alerts()).toEqual([]);
});
