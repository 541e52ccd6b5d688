import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { DumpManifest, Dumps } from '../../ports/dumps.ts';
import { connectDatabase, type PostgresDatabase } from './connect.ts';
import { type ConnectionTarget, parseTarget } from './connection-target.ts';
import { type CopySession, openCopySession } from './copy-session.ts';
import { endOfTableText, headText, manifestText, tableText } from './dump-file.ts';
import { loadDump } from './load-dump.ts';
import { migrate } from './migrate.ts';
import {
  copyOutText,
  inBatches,
  listMigrations,
  listSequences,
  listTables,
  RowMeter,
} from './table-catalog.ts';

const rehearsalPrefix = 'arbhub_rehearsal_';

/** Dumps of the database at `to`; `migrations` is the directory of the files that make its schema. */
export function databaseDumps(to: string | ConnectionTarget, migrations: string): Dumps {
  return {
    async dump(take, signal) {
      const session = await openCopySession(to, 'isolation level repeatable read read only', signal);
      let manifest: DumpManifest | undefined;
      async function* text(): AsyncGenerator<Buffer> {
        manifest = yield* textOf(session);
      }
      const gzip = createGzip();
      const feeding = pipeline(Readable.from(text()), gzip, { signal });
      try {
        await Promise.all([feeding, take(gzip)]);
        await session.commit();
      } finally {
        gzip.destroy();
        // The session first: a table that nobody reads any more would be waited for.
        await session.end();
        await feeding.catch(() => {});
      }
      if (manifest === undefined) throw new Error('The dump was not taken to its end.');
      return manifest;
    },
    restore: (open, signal) => loadDump(to, open, signal),
    async rehearse(open, signal) {
      const target = typeof to === 'string' ? parseTarget(to) : to;
      const name = `${rehearsalPrefix}${randomBytes(6).toString('hex')}`;
      const admin = connectDatabase({ to: target, maxConnections: 1, applicationName: 'arbhub rehearsal' });
      try {
        await dropForgotten(admin);
        await admin.script(`create database ${name} template template0`);
        const fresh = connectDatabase({ to: { ...target, database: name }, maxConnections: 1 });
        await migrate(fresh, migrations).finally(() => fresh.close());
        return await loadDump({ ...target, database: name }, open, signal);
      } finally {
        await admin.script(`drop database if exists ${name} with (force)`).finally(() => admin.close());
      }
    },
  };
}

/** The whole text of a dump; its value at the end is the manifest. */
async function* textOf(session: CopySession): AsyncGenerator<Buffer, DumpManifest> {
  const [now] = await session.rows<{ at: number }>('select now() as at');
  const migrations = await listMigrations(session);
  const tables: DumpManifest['tables'] = [];
  yield Buffer.from(headText());
  for (const table of await listTables(session)) {
    yield Buffer.from(tableText(table));
    const meter = new RowMeter();
    for await (const bytes of inBatches(session.copyOut(copyOutText(table)))) {
      meter.add(bytes);
      yield bytes;
    }
    yield endOfTableText();
    tables.push({ name: table.name, rows: meter.rows, sha256: meter.sha256() });
  }
  const manifest: DumpManifest = {
    format: 1,
    takenAt: now?.at ?? 0,
    migrations,
    tables,
    sequences: await listSequences(session),
  };
  yield Buffer.from(manifestText(manifest));
  return manifest;
}

/** A process that was killed during a rehearsal leaves its database behind, and nobody in it. */
async function dropForgotten(admin: PostgresDatabase): Promise<void> {
  const forgotten = await admin.sql<{ name: string }>`
    select datname::text as name from pg_database d
    where datname ~ ${`^${rehearsalPrefix}[0-9a-f]{12}$`} and not exists (select from pg_stat_activity a where a.datid = d.oid)`;
  for (const { name } of forgotten) await admin.script(`drop database if exists ${name}`).catch(() => {});
}
