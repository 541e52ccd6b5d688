import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '../../ports/sql.ts';
import type { PostgresDatabase, Script } from './connect.ts';

interface Migration {
  version: string;
  name: string;
  text: string;
}

/** A random number that only this product's migrations use. */
const migrationLock = '6274219083345177';
const oldestServer = 150_000;

/**
 * Brings the schema up to the files `<14 digits>_<name>.sql` of `directory`, each in a transaction of its own,
 * recorded where the Supabase CLI records them. Parallel starters do it once. Answers the names applied by this call.
 */
export async function migrate(database: PostgresDatabase, directory: string): Promise<string[]> {
  const migrations = await readMigrations(directory);
  await database.transaction(async (sql, script) => {
    await lock(script);
    await requireServer(sql);
    await prepareRecords(sql, script);
    await refuseNewer(sql, migrations);
  });
  const applied: string[] = [];
  for (const migration of migrations) {
    const isNew = await database.transaction((sql, script) => apply(sql, script, migration));
    if (isNew) applied.push(migration.name);
  }
  return applied;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    files.map(async (file) => {
      const [, version, name] = /^(\d{14})_(.+)\.sql$/.exec(file) ?? [];
      if (!version || !name) throw new Error(`${file} is not named <14 digits>_<name>.sql.`);
      const text = await readFile(join(directory, file), 'utf8');
      // A function's body has BEGIN too, but never a semicolon after it.
      if (/^\s*(begin|start transaction|commit|rollback)\s*;/im.test(text)) {
        throw new Error(`${file} opens or ends a transaction; each file already runs in one of its own.`);
      }
      return { version, name, text };
    }),
  );
  migrations.forEach(({ version }, index) => {
    if (version === migrations[index - 1]?.version)
      throw new Error(`Two migrations have the version ${version}.`);
  });
  return migrations;
}

/** A transaction's lock, because a session's would stay behind on a pooler's connection. A script waits as long as it takes. */
async function lock(script: Script): Promise<void> {
  await script(`select pg_advisory_xact_lock(${migrationLock})`);
}

async function requireServer(sql: Sql): Promise<void> {
  const [server] = await sql<{ number: number; version: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
  if (!server || server.number < oldestServer) {
    throw new Error(`ArbHub needs PostgreSQL 15 or later; this server is ${server?.version}.`);
  }
}

async function prepareRecords(sql: Sql, script: Script): Promise<void> {
  const [found] = await sql`select 1 where to_regclass('supabase_migrations.schema_migrations') is not null`;
  if (found) return;
  await script(`
    create schema if not exists supabase_migrations;
    create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text)`);
}

async function refuseNewer(sql: Sql, migrations: Migration[]): Promise<void> {
  const latest = migrations.at(-1)?.version ?? '';
  const newer = await sql<{ version: string; name: string | null }>`
    select version, name from supabase_migrations.schema_migrations
    where version collate "C" > ${latest} order by version collate "C"`;
  if (newer.length === 0) return;
  const names = newer.map(({ version, name }) => `${version}_${name ?? ''}`).join(', ');
  throw new Error(
    `The database was used by a newer ArbHub (it has ${names}). Start that version; nothing was changed.`,
  );
}

async function apply(sql: Sql, script: Script, migration: Migration): Promise<boolean> {
  const { version, name, text } = migration;
  await lock(script);
  const [record] = await sql<{ statements: string[] | null }>`
    select statements from supabase_migrations.schema_migrations where version = ${version}`;
  if (record) {
    if (record.statements && essence(record.statements.join(';')) !== essence(text)) {
      throw new Error(
        `The migration ${version}_${name} was changed after it had been applied. Restore it and write a new one.`,
      );
    }
    return false;
  }
  try {
    await script(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The migration ${version}_${name} failed and left nothing behind: ${reason}`, {
      cause: error,
    });
  }
  // What a file sets for its session would otherwise stay on the pool's connection.
  await script('reset all; reset role');
  await sql`insert into supabase_migrations.schema_migrations (version, statements, name)
    values (${version}, ${[text]}::text[], ${name})`;
  return true;
}

/** The Supabase CLI records a file cut into statements, without the semicolons between them. */
function essence(text: string): string {
  return text.replace(/[\s;]+/g, '');
}
