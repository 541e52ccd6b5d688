import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { aesGcmSealer } from '../../adapters/sealing/aes-gcm.ts';
import { realDisk, type Disk } from '../../adapters/sealing/disk.ts';
import { fileKeys } from '../../adapters/sealing/key-file.ts';
import { settingsKeys } from '../../adapters/sealing/key-ring.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { listSealed } from '../../store/sealed-rows.ts';
import { addConnection } from './add-connection.ts';
import { checkTokenNow } from './check-tokens.ts';
import { admin, connectionsHouse, dayMs, lasting, signal, startAt } from './connections.fixture.ts';
import { replaceToken } from './replace-token.ts';
import { rotateKey } from './rotate-key.ts';

const rows = 5;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'arbhub-rotation-'));
  return () => rmSync(folder, { recursive: true });
});
afterAll(() => db.drop());

/** A process of its own, as far as keys are concerned: it knows what the files hold now. */
const process = (disk: Disk = realDisk) => aesGcmSealer(fileKeys(folder, [], silent, disk));

async function furnished(sealer: Sealer) {
  const house = connectionsHouse(db.database, sealer);
  await house.empty();
  for (let n = 1; n <= rows; n++) {
    house.tokens.set(`token-${n}`, lasting);
    const given = { name: `c${n}`, businessIds: [], token: `token-${n}` };
    await addConnection(house, admin, given, signal);
  }
  return house;
}

/** What a process that starts now can open, in order. */
async function readable(sealer = process()): Promise<string[]> {
  return (await listSealed(db.database.sql)).map((row) => {
    const opened = sealer.open(row.sealed, row.purpose, row.rowId);
    return opened.ok ? opened.text : opened.problem;
  });
}
const all = Array.from({ length: rows }, (_, n) => `token-${n + 1}`);

test('every row goes under a new key, and the old one is gone', async () => {
  const house = await furnished(process());
  const before = await listSealed(db.database.sql);
  expect(await rotateKey(house, admin)).toEqual({
    isDone: true,
    value: { key: 'new', resealed: rows, unreadable: 0 },
  });
  const after = await listSealed(db.database.sql);
  expect(after.every(({ sealed }) => process().isCurrent(sealed))).toBe(true);
  expect(after.some(({ sealed }, n) => Buffer.compare(sealed, before[n]!.sealed) === 0)).toBe(false);
  expect(before.some((row) => process().open(row.sealed, row.purpose, row.rowId).ok)).toBe(false);
  expect(readdirSync(folder)).toEqual(['encryption.key']);
  expect(await readable()).toEqual(all);
  expect(await db.database.sql`select detail from audit_log where action = 'encryption_key.rotated'`).toEqual(
    [{ detail: { key: 'new', resealed: rows, unreadable: 0 } }],
  );
});

test('keys of the settings: rows go from the previous to the current one', async () => {
  const [old, current] = [randomBytes(32), randomBytes(32)];
  await furnished(aesGcmSealer(settingsKeys(old, [])));
  const house = connectionsHouse(db.database, aesGcmSealer(settingsKeys(current, [old])));
  expect(await rotateKey(house, admin)).toMatchObject({ value: { key: 'settings', resealed: rows } });
  expect(await readable(aesGcmSealer(settingsKeys(current, [])))).toEqual(all);
  expect(await rotateKey(house, admin)).toMatchObject({ value: { resealed: 0 } });
  const blind = connectionsHouse(db.database, aesGcmSealer(settingsKeys(old, [])));
  expect(await rotateKey(blind, admin)).toMatchObject({ value: { resealed: 0, unreadable: rows } });
  expect(await readable(aesGcmSealer(settingsKeys(current, [])))).toEqual(all);
});

class Crash extends Error {}

/** Ends everything at its `at`-th step: before the step happens, or after it has. */
function crashing(at: number, isAfter: boolean) {
  let step = 0;
  const isDead = () => step > at || (step === at && isAfter);
  const begin = () => {
    if (++step >= at && !(step === at && isAfter)) throw new Crash();
  };
  const end = () => {
    if (step === at && isAfter) throw new Crash();
  };
  const disk: Disk = {
    read: (file) => realDisk.read(file),
    create: (file, text) => {
      begin();
      const isMade = realDisk.create(file, text);
      end();
      return isMade;
    },
    replace: (file, text) => {
      begin();
      realDisk.replace(file, text);
      end();
    },
    remove: (file) => {
      begin();
      realDisk.remove(file);
      end();
    },
  };
  const wrap =
    (sql: Sql): Sql =>
    async (text, ...values) => {
      begin();
      const answer = await sql(text, ...values);
      end();
      return answer as never;
    };
  const database: Database = {
    ...db.database,
    sql: wrap(db.database.sql),
    transaction: (work) => db.database.transaction((sql) => work(wrap(sql))),
  };
  return { disk, database, steps: () => step, isDead };
}

describe('a crash', () => {
  test('at any step leaves every row readable, and the next rotation ends it', async () => {
    const counting = crashing(Infinity, false);
    await furnished(process());
    await rotateKey({ ...connectionsHouse(counting.database, process(counting.disk)) }, admin);
    const steps = counting.steps();
    expect(steps).toBeGreaterThanOrEqual(rows + 8);
    let unreadable = 0;
    for (let at = 1; at <= steps; at++)
      for (const isAfter of [false, true]) {
        rmSync(path.join(folder, 'encryption.key'));
        await furnished(process());
        const { disk, database } = crashing(at, isAfter);
        const house = connectionsHouse(database, process(disk));
        await expect(rotateKey(house, admin), `step ${at}`).rejects.toThrow(Crash);
        unreadable += (await readable()).filter((text, n) => text !== all[n]).length;
        const next = connectionsHouse(db.database, process());
        expect(await rotateKey(next, admin)).toMatchObject({ isDone: true, value: { unreadable: 0 } });
        expect(await readable()).toEqual(all);
        expect(readdirSync(folder)).toEqual(['encryption.key']);
      }
    expect(unreadable).toBe(0);
  });
});

test('rotations beside servers that renew, replace and add: nothing is lost', async () => {
  const server = process();
  const house = await furnished(server);
  let count = 0;
  let isOver = false;
  const work = async () => {
    while (!isOver) {
      const n = ++count;
      house.tokens.set(`r-${n}`, { ...lasting, expiresAt: startAt + (10 + n / 1000) * dayMs });
      house.tokenOffice.exchange = () => `r-${n}`;
      await db.database.sql`
        update connection_tokens set expires_at = ${startAt + 5 * dayMs}, renewal_tried_at = null, token_type = 'SYSTEM_USER'`;
      for (const token of house.tokens.keys())
        house.tokens.set(token, {
          ...lasting,
          expiresAt: startAt + (token.startsWith('r') ? 10 : 5) * dayMs,
        });
      await checkTokenNow(house, 1 + (n % rows), signal);
      house.tokens.set(`new-${n}`, lasting);
      const given = { name: `n${n}`, businessIds: [], token: `new-${n}` };
      await addConnection(house, admin, given, signal);
    }
  };
  const working = Promise.all([work(), work()]);
  for (let n = 0; n < 10; n++) {
    const tool = connectionsHouse(db.database, process());
    expect(await rotateKey(tool, admin)).toMatchObject({ isDone: true });
    expect((await readable()).filter((text) => text.includes('key'))).toEqual([]);
  }
  isOver = true;
  await working;
  const left = await readable();
  expect(left.filter((text) => !/^(token|r|new)-\d+$/.test(text))).toEqual([]);
  expect(left.filter((text) => text.startsWith('r-')).length).toBeGreaterThan(0);
  expect(left.length).toBeGreaterThan(rows);
});

test('a token that comes between the look and the write is not overwritten', async () => {
  const server = await furnished(process());
  server.tokens.set('token-new', lasting);
  let isReplaced = false;
  const sql: Sql = async (text, ...values) => {
    const answer = await db.database.sql(text, ...values);
    if (text.join('').includes('union all select') && !isReplaced) {
      isReplaced = true;
      await replaceToken(server, admin, { name: 'c2', token: 'token-new' }, signal);
    }
    return answer as never;
  };
  const tool = connectionsHouse({ ...db.database, sql }, process());
  expect(await rotateKey(tool, admin)).toMatchObject({ isDone: true });
  expect(await readable()).toEqual(all.with(1, 'token-new'));
});

test('two rotations at once: one goes, the other says so', async () => {
  await furnished(process());
  const both = await Promise.all(
    [0, 1].map(() => rotateKey(connectionsHouse(db.database, process()), admin)),
  );
  const refused = both.filter(({ isDone }) => !isDone);
  expect(refused.length).toBeLessThanOrEqual(1);
  expect(await readable()).toEqual(all);
});

test('a row that nobody can open is left as it is and hinders nothing', async () => {
  const house = await furnished(process());
  await db.database
    .sql`update connection_tokens set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) where connection_id = 2`;
  expect(await rotateKey(house, admin)).toMatchObject({ value: { resealed: rows - 1, unreadable: 1 } });
  expect(await readable()).toEqual(
    all.map((text, n) => (n === 1 ? expect.stringContaining('which is not known here') : text)),
  );
});
