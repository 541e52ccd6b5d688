import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import { migrate } from './migrate.ts';

const first = '20260101000000_first.sql';
const second = '20260102000000_second.sql';

let fixture: TestDatabase;
let directory: string;
beforeEach(async () => {
  fixture = await testDatabase('template0');
  directory = await mkdtemp(join(tmpdir(), 'arbhub-migrations-'));
  // The pause lets parallel runs meet; the function's body has semicolons of its own.
  await write(
    first,
    `-- one\ncreate table one (id int);\nselect pg_sleep(0.1);
    create function f() returns int language plpgsql as $$ begin return 1; end; $$;`,
  );
  await write(
    second,
    'set statement_timeout = 12345; create table two (id int); insert into two values (1);',
  );
});
afterEach(async () => {
  await fixture.drop();
  await rm(directory, { recursive: true });
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(directory, name), text);
}

async function versions(): Promise<string[]> {
  const rows = await fixture.database.sql<{ version: string }>`
    select version from supabase_migrations.schema_migrations order by version`;
  return rows.map(({ version }) => version);
}

it('applies each file once under five parallel runs', async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(fixture.connect(), directory)));
  expect(runs.flat().sort()).toEqual(['first', 'second']);
  expect(await fixture.database.sql`select id from two`).toEqual([{ id: 1 }]);
  expect(await versions()).toEqual(['20260101000000', '20260102000000']);
  expect(await migrate(fixture.database, directory)).toEqual([]);
});

it('leaves no setting of a file on the connection', async () => {
  const database = fixture.connect({ maxConnections: 1 });
  await migrate(database, directory);
  expect(await database.sql`select current_setting('statement_timeout') as value`).toEqual([{ value: '0' }]);
});

it('refuses a file that was changed after it was applied', async () => {
  await migrate(fixture.database, directory);
  await write(second, 'create table two (id bigint)');
  await expect(migrate(fixture.database, directory)).rejects.toThrow(/20260102000000_second was changed/);
});

it('accepts records that the Supabase CLI wrote, cut into statements', async () => {
  await migrate(fixture.database, directory);
  const statements = [
    'set statement_timeout = 12345',
    'create table two (id int)',
    'insert into two values (1)',
  ];
  await fixture.database.sql`update supabase_migrations.schema_migrations
    set statements = ${statements}::text[] where version = '20260102000000'`;
  expect(await migrate(fixture.database, directory)).toEqual([]);
});

it('leaves nothing of a file that fails, keeps the ones before, and goes on once it is mended', async () => {
  await write(second, 'create table two (id int); select 1 / 0;');
  await expect(migrate(fixture.database, directory)).rejects.toThrow(/second failed.*division by zero/);
  expect(await versions()).toEqual(['20260101000000']);
  expect(await fixture.database.sql`select to_regclass('two')::text as found`).toEqual([{ found: null }]);
  await write(second, 'create table two (id int);');
  expect(await migrate(fixture.database, directory)).toEqual(['second']);
});

it('refuses a database of a newer version and changes nothing', async () => {
  await migrate(fixture.database, directory);
  await rm(join(directory, second));
  await write('20260101120000_between.sql', 'create table between_them (id int)');
  await expect(migrate(fixture.database, directory)).rejects.toThrow(/newer ArbHub.*20260102000000_second/);
  expect(await versions()).toEqual(['20260101000000', '20260102000000']);
});

it.each([
  ['1_short.sql', 'select 1', 'is not named'],
  ['20260102000000_twin.sql', 'select 1', 'Two migrations'],
  ['20260103000000_commits.sql', 'create table three (id int);\ncommit;', 'opens or ends a transaction'],
])('refuses %s before anything is applied', async (name, text, message) => {
  await write(name, text);
  await expect(migrate(fixture.database, directory)).rejects.toThrow(message);
  expect(await fixture.database.sql`select to_regclass('one')::text as found`).toEqual([{ found: null }]);
});

it('finds the product’s own migrations applied in a test database, and nothing to do', async () => {
  const migrated = await testDatabase();
  const own = fileURLToPath(new URL('../../../supabase/migrations', import.meta.url));
  expect(await migrate(migrated.database, own)).toEqual([]);
  await migrated.drop();
});
