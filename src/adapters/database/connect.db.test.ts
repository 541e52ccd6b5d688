import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import type { PostgresDatabase } from './connect.ts';
import { connectDatabase } from './connect.ts';

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase('template0');
});
afterAll(() => fixture.drop());

describe.each([true, false])('values with usePrepared: %s', (usePrepared) => {
  let database: PostgresDatabase;
  beforeAll(() => {
    database = fixture.connect({ usePrepared, maxConnections: 2 });
  });

  const instant = Date.UTC(2026, 10, 22, 23, 59, 58, 7);
  const cases: [string, (sql: PostgresDatabase['sql']) => Promise<{ value: unknown }[]>, unknown][] = [
    ['int8', (sql) => sql`select ${2 ** 53 - 1}::int8 as value`, 2 ** 53 - 1],
    ['int8 from bigint', (sql) => sql`select ${-5n}::int8 as value`, -5],
    ['count', (sql) => sql`select count(*) as value from generate_series(1, 3)`, 3],
    [
      'numeric',
      (sql) => sql`select ${'123456789012345678901.50'}::numeric as value`,
      '123456789012345678901.50',
    ],
    ['float', (sql) => sql`select ${0.1}::float8 as value`, 0.1],
    ['true', (sql) => sql`select ${true}::boolean as value`, true],
    ['false', (sql) => sql`select ${false}::boolean as value`, false],
    ['boolean as text', (sql) => sql`select ${'true'}::boolean as value`, true],
    ['null', (sql) => sql`select ${null}::int8 as value`, null],
    ['text', (sql) => sql`select ${`O'Hara "\\ {x}`}::text as value`, `O'Hara "\\ {x}`],
    ['timestamptz', (sql) => sql`select ${instant}::timestamptz as value`, instant],
    [
      'timestamptz, what it is',
      (sql) => sql`select (${instant}::timestamptz)::text as value`,
      '2026-11-22 23:59:58.007+00',
    ],
    ['timestamptz before 1970', (sql) => sql`select ${-1}::timestamptz as value`, -1],
    [
      'timestamptz year 12026',
      (sql) => sql`select ${Date.UTC(12026, 0, 1)}::timestamptz as value`,
      Date.UTC(12026, 0, 1),
    ],
    [
      'timestamptz year 50',
      (sql) => sql`select '0050-03-01 00:00+00'::timestamptz as value`,
      Date.parse('0050-03-01T00:00Z'),
    ],
    ['timestamptz infinity', (sql) => sql`select ${Infinity}::timestamptz as value`, Infinity],
    [
      'microseconds cut',
      (sql) => sql`select '2026-01-01 00:00:00.123999+00'::timestamptz as value`,
      Date.UTC(2026, 0, 1, 0, 0, 0, 123),
    ],
    ['timestamptz[]', (sql) => sql`select ${[instant, null, 0]}::timestamptz[] as value`, [instant, null, 0]],
    [
      'timestamptz[] starting with null',
      (sql) => sql`select ${[null, instant]}::timestamptz[] as value`,
      [null, instant],
    ],
    ['date', (sql) => sql`select ${'2024-02-29'}::date as value`, '2024-02-29'],
    ['date[]', (sql) => sql`select ${['2024-02-29', null]}::date[] as value`, ['2024-02-29', null]],
    [
      'jsonb from text',
      (sql) => sql`select ${JSON.stringify({ a: ['"', 1, null] })}::jsonb as value`,
      { a: ['"', 1, null] },
    ],
    ['jsonb string', (sql) => sql`select ${'"x"'}::jsonb as value`, 'x'],
    ['jsonb is not encoded twice', (sql) => sql`select jsonb_typeof(${'{"a":1}'}::jsonb) as value`, 'object'],
    ['jsonb from a list', (sql) => sql`select ${[1, 'a', null]}::jsonb as value`, [1, 'a', null]],
    ['jsonb[]', (sql) => sql`select ${['{"a":"b,\\"c"}', null]}::jsonb[] as value`, [{ a: 'b,"c' }, null]],
    ['json null', (sql) => sql`select 'null'::jsonb as value`, null],
    [
      'text[]',
      (sql) => sql`select ${['a', '', null, 'NULL', 'q"\\,{}', 'é😀']}::text[] as value`,
      ['a', '', null, 'NULL', 'q"\\,{}', 'é😀'],
    ],
    ['text[] empty', (sql) => sql`select ${[]}::text[] as value`, []],
    ['text[] of null', (sql) => sql`select ${[null]}::text[] as value`, [null]],
    ['int8[]', (sql) => sql`select ${[1, null, -3]}::int8[] as value`, [1, null, -3]],
    ['int8[] from bigint', (sql) => sql`select ${[1n, null]}::int8[] as value`, [1, null]],
    ['numeric[]', (sql) => sql`select ${['1.10', null]}::numeric[] as value`, ['1.10', null]],
    ['bool[]', (sql) => sql`select ${[true, null, false]}::bool[] as value`, [true, null, false]],
    [
      'nested',
      (sql) => sql`select array[[1, 2], [3, null]]::int8[] as value`,
      [
        [1, 2],
        [3, null],
      ],
    ],
    [
      'bytea',
      (sql) => sql`select ${new Uint8Array([0, 255, 92, 39])}::bytea as value`,
      new Uint8Array([0, 255, 92, 39]),
    ],
    [
      'any',
      (sql) => sql`select count(*) as value from generate_series(1, 9) n where n = any(${[2, 3, 99]})`,
      2,
    ],
    ['enum array', (sql) => sql`select (${['sad', null]}::mood[])::text[] as value`, ['sad', null]],
    [
      'unnest',
      (sql) => sql`
      select json_agg(json_build_object('id', id, 'at', at) order by id) as value
      from unnest(${['x', 'y']}::text[], ${[0, null]}::timestamptz[]) as t (id, at)`,
      [
        { id: 'x', at: '1970-01-01T00:00:00+00:00' },
        { id: 'y', at: null },
      ],
    ],
  ];

  beforeAll(() =>
    database.script(
      `do $$ begin create type mood as enum ('sad'); exception when duplicate_object then null; end $$`,
    ),
  );

  it.each(cases)('%s', async (_name, query, expected) => {
    // Twice on one connection: the second time the statement is known.
    expect(await query(database.sql)).toStrictEqual([{ value: expected }]);
    expect(await query(database.sql)).toStrictEqual([{ value: expected }]);
  });

  it('refuses a whole number beyond 2^53 and works on', async () => {
    await expect(database.sql`select 9007199254740993::int8 as value`).rejects.toThrow('9007199254740993');
    await expect(database.sql`select array[1, 9007199254740993]::int8[] as value`).rejects.toThrow('2^53');
    expect(await database.sql`select array['a', 'b']::text[] as value`).toEqual([{ value: ['a', 'b'] }]);
  });

  it('refuses what is no instant', async () => {
    await expect(database.sql`select ${NaN}::timestamptz as value`).rejects.toThrow('Not an instant');
    expect(await database.sql`select 1 as value`).toEqual([{ value: 1 }]);
  });

  it('writes a timestamptz column by inference', async () => {
    await database
      .script('create temp table if not exists t_at (at timestamptz, ats timestamptz[])')
      .catch(() => {});
    const found = await database.transaction(async (sql) => {
      await sql`create temp table at_here (at timestamptz, ats timestamptz[]) on commit drop`;
      return sql`insert into at_here values (${instant}, ${[instant]}) returning *`;
    });
    expect(found).toEqual([{ at: instant, ats: [instant] }]);
  });
});

describe('transactions', () => {
  beforeAll(() => fixture.database.script('create table kept (id int primary key)'));

  it('keeps what was done, rolls back what threw, and throws it on', async () => {
    const { database } = fixture;
    await database.transaction((sql) => sql`insert into kept values (1)`);
    const thrown = new Error('mine');
    const failed = database.transaction(async (sql) => {
      await sql`insert into kept values (2)`;
      throw thrown;
    });
    await expect(failed).rejects.toBe(thrown);
    expect(await database.sql`select id from kept`).toEqual([{ id: 1 }]);
  });

  it('fails as a whole when a statement failed, with the code and without the row', async () => {
    const { database } = fixture;
    const failed = database.transaction(async (sql) => {
      await sql`insert into kept values (3)`;
      await sql`insert into kept values (1)`;
    });
    const error = (await failed.catch((reason: unknown) => reason)) as {
      code: string;
      constraint_name: string;
    };
    expect(error).toMatchObject({ code: '23505', constraint_name: 'kept_pkey' });
    expect(error).not.toHaveProperty('detail');
    expect(await database.sql`select id from kept`).toEqual([{ id: 1 }]);
  });

  it('survives losing its connection in the middle, and nothing of it remains', async () => {
    const { database } = fixture;
    let afterLoss: unknown;
    const lost = database.transaction(async (sql) => {
      await sql`insert into kept values (4)`;
      const [self] = await sql<{ pid: number }>`select pg_backend_pid() as pid`;
      await database.sql`select pg_terminate_backend(${self!.pid})`;
      await sql`insert into kept values (5)`.catch(() => {});
      afterLoss = await sql`insert into kept values (6)`.catch((error: unknown) => error);
    });
    await expect(lost).rejects.toThrow();
    await delay(50);
    expect(afterLoss).toBeInstanceOf(Error);
    expect(await database.sql`select id from kept`).toEqual([{ id: 1 }]);
  });

  it('does not let a statement slip out of an ended transaction', async () => {
    const { database } = fixture;
    const sql = await database.transaction((inner) => Promise.resolve({ inner }));
    await expect(sql.inner`insert into kept values (7)`).rejects.toThrow('has ended');
  });
});

describe('secrets', () => {
  it.each([
    'postgres://user:hunter2@127.0.0.1:1/db',
    'postgres://user:hunter2@exa mple/db',
    'postgres://user:hunter2%@127.0.0.1/db',
    'mysql://user:hunter2@127.0.0.1/db',
    'postgres://user:hunter2@127.0.0.1:99999/db',
    'postgres://user:hunter2@127.0.0.1/db?sslmode=hunter2',
  ])('are not in the error of %s', async (to) => {
    const { inspect } = await import('node:util');
    const attempt = async () => {
      const database = connectDatabase({ to });
      await database.sql`select 1`.finally(() => database.close());
    };
    const error: unknown = await attempt().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
  });
});

it('a connection that was ended while it was idle fails nobody', async () => {
  const database = fixture.connect({ maxConnections: 3 });
  for (let n = 0; n < 5; n++) {
    const [self] = await database.sql<{ pid: number }>`select pg_backend_pid() as pid`;
    await fixture.database.sql`select pg_terminate_backend(${self!.pid})`;
    await expect
      .poll(() => fixture.database.sql`select pid from pg_stat_activity where pid = ${self!.pid}`)
      .toEqual([]);
    await delay(5);
    expect(await database.sql`select 1 as n`).toEqual([{ n: 1 }]);
  }
});

it('enters by the address of a test database', async () => {
  const database = connectDatabase({ to: fixture.url, applicationName: 'by address' });
  const [row] = await database.sql`
    select current_database() as name, current_setting('application_name') as application`;
  await database.close();
  expect(row).toEqual({ name: fixture.target.database, application: 'by address' });
});
