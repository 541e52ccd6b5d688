import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { DumpManifest } from '../../ports/dumps.ts';
import type { Sql } from '../../ports/sql.ts';
import { connectDatabase, type PostgresDatabase } from './connect.ts';
import { databaseDumps } from './dumps.ts';
import { migrate } from './migrate.ts';

const migrations = fileURLToPath(new URL('../../../supabase/migrations', import.meta.url));
const { signal } = new AbortController();
let full: TestDatabase;
let file: Buffer;
let manifest: DumpManifest;

beforeAll(async () => {
  full = await testDatabase();
  await fillEveryTable(full.database.sql, full.database);
  [file, manifest] = await dumpOf(full);
});
afterAll(() => full.drop());

async function dumpOf(store: TestDatabase): Promise<[Buffer, DumpManifest]> {
  const chunks: Uint8Array[] = [];
  const made = await databaseDumps(store.target, migrations).dump(async (bytes) => {
    for await (const chunk of bytes) chunks.push(chunk);
  }, signal);
  return [Buffer.concat(chunks), made];
}

const opened = (bytes: Buffer) => async () =>
  (async function* () {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
  })();

async function withFresh<T>(work: (fresh: TestDatabase) => Promise<T>): Promise<T> {
  const fresh = await testDatabase();
  return work(fresh).finally(() => fresh.drop());
}

const restoreInto = (fresh: TestDatabase, bytes: Buffer) =>
  databaseDumps(fresh.target, migrations).restore(opened(bytes), signal);

/** Everything that a database holds, read without any of the dump's code. */
async function contentOf({
  database: { sql },
}: {
  database: { sql: Sql };
}): Promise<Record<string, unknown>> {
  const tables = await text<{ name: string }>(
    sql,
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const content: Record<string, unknown> = {};
  for (const { name } of tables) {
    const rows = await text<{ row: string }>(sql, `select t::text as row from public."${name}" t`);
    content[name] = rows.map(({ row }) => row).sort();
  }
  content['sequences'] = await text(
    sql,
    `select sequencename, last_value::text from pg_sequences where schemaname = 'public' order by 1`,
  );
  content['partitions'] = await text(
    sql,
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'snapshots'::regclass order by 1`,
  );
  content['security'] = await text(
    sql,
    `select relname, relrowsecurity, relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  );
  return content;
}

function text<Row extends object>(sql: Sql, statement: string): Promise<Row[]> {
  return sql<Row>(Object.assign([statement], { raw: [statement] }));
}

describe('a dump', () => {
  it('holds every table, every sequence and the schema it is of', async () => {
    const content = await contentOf(full);
    const names = Object.keys(content).filter(
      (name) => !['sequences', 'partitions', 'security'].includes(name),
    );
    expect(manifest.tables.map(({ name }) => name).sort()).toEqual(names.sort());
    for (const { name, rows } of manifest.tables) {
      expect([name, rows]).toEqual([name, (content[name] as unknown[]).length]);
      expect(`${name} has ${Math.min(rows, 1)} row`).toBe(`${name} has 1 row`);
    }
    const versions = await text<{ version: string }>(
      full.database.sql,
      'select version from supabase_migrations.schema_migrations order by 1',
    );
    expect(manifest.migrations).toEqual(versions.map(({ version }) => version));
    expect(manifest.sequences.find(({ name }) => name === 'fences')).toMatchObject({ isCalled: true });
    const [clock] = await full.database.sql<{ now: number }>`select clock_timestamp() as now`;
    expect(Math.abs(clock!.now - manifest.takenAt)).toBeLessThan(60_000);
  });

  it('comes back equal in a fresh database, sequences, partitions and row security too', async () => {
    await withFresh(async (fresh) => {
      expect(await restoreInto(fresh, file)).toEqual(manifest);
      expect(await contentOf(fresh)).toEqual(await contentOf(full));
      await fresh.database.sql`insert into vendors (name) values ('next')`;
      await fresh.database.sql`insert into snapshots (slot, account_no) values (0, 1)`;
      // And a dump of the copy is the same again.
      await fresh.database.script(
        `delete from vendors where name = 'next'; delete from snapshots where slot = 0 and clicks is null`,
      );
      const [, again] = await dumpOf(fresh);
      expect(again.tables).toEqual(manifest.tables);
    });
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const chunks: Uint8Array[] = [];
    let isFirst = true;
    const made = await databaseDumps(full.target, migrations).dump(async (bytes) => {
      for await (const chunk of bytes) {
        if (isFirst)
          await full.database
            .sql`insert into throttles (subject, window_start, tries) values ('late', now(), 1)`;
        isFirst = false;
        chunks.push(chunk);
      }
    }, signal);
    expect(made.tables).toEqual(manifest.tables);
    await full.database.sql`delete from throttles where subject = 'late'`;
  });

  it('can be loaded by any SQL client that knows COPY', () => {
    const dump = gunzipSync(file).toString();
    expect(dump).toContain(
      `select public.ensure_snapshot_partitions('2020-01-01', 1);\ncopy public."snapshots_20200101" (`,
    );
    expect(dump).toMatch(/\ncopy public."vendors" \("id", "name", "day_curve", [^)]*\) from stdin;\n1\t/);
    expect(dump).toMatch(/select setval\('public."fences"', \d+, true\);\n/);
  });

  it('is proven by a database of its own, which is gone afterwards', async () => {
    const dumps = databaseDumps(full.target, migrations);
    await full.database.script('create database arbhub_rehearsal_0123456789ab');
    expect(await dumps.rehearse(opened(file), signal)).toEqual(manifest);
    await expect(dumps.rehearse(opened(file.subarray(0, -30)), signal)).rejects.toThrow('damaged');
    expect(
      await full.database.sql`select datname from pg_database where datname like 'arbhub_rehearsal%'`,
    ).toEqual([]);
    expect(await text(full.database.sql, 'select count(*) as c from vendors')).toEqual([
      { c: manifest.tables.find(({ name }) => name === 'vendors')!.rows },
    ]);
  });

  it('of a thousand megabytes would not be held in memory: a slow taker slows the database', async () => {
    await withFresh(async (fresh) => {
      await fresh.database.script(
        `insert into audit_log (at, actor, action, detail) select now(), md5(n::text), 'x', jsonb_build_object('n', repeat(md5(n::text), 20)) from generate_series(1, 120000) n`,
      );
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      await databaseDumps(fresh.target, migrations).dump(async (bytes) => {
        for await (const chunk of bytes) {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          if (chunk.length > 0) await new Promise((resolve) => setImmediate(resolve));
        }
      }, signal);
      expect(most).toBeLessThan(45_000_000);
    });
  });

  it('that is stopped ends at once and leaves no connection', async () => {
    const stop = new AbortController();
    const dumps = databaseDumps(full.target, migrations);
    const work = dumps.dump(async (bytes) => {
      for await (const chunk of bytes) if (chunk.length > 0) stop.abort(new Error('stopping'));
    }, stop.signal);
    await expect(work).rejects.toThrow();
    await expect(dumps.dump(async () => { throw new Error('disk full'); }, signal)).rejects.toThrow('disk full'); // prettier-ignore
    await expect
      .poll(() => full.database.sql`select pid from pg_stat_activity where application_name = 'arbhub copy'`)
      .toEqual([]);
  });
});

describe('a restore is refused, and changes nothing,', () => {
  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['when bits turned over', (bytes) => { const bad = Buffer.from(bytes); bad.writeUInt8(bad.readUInt8(900) ^ 4, 900); return bad; }], // prettier-ignore
    ['when it was cut short', (bytes) => bytes.subarray(0, bytes.length - 40)],
    ['when it is empty', () => Buffer.alloc(0)],
    ['when it is something else', () => randomBytes(500)],
    ['when it is some other text', () => gzipSync('drop table accounts;\n')],
    ['when a row is missing', edited((dump) => dump.replace(/(copy public."vendors".*\n)[^\n]*\n/, '$1'))],
    ['when a figure was changed', edited((dump) => dump.replace('\tabc\\\\', '\tabd\\\\'))],
    [
      'when a table is missing',
      edited((dump) => dump.replace(/-- table {"name":"vendors"[\s\S]*?\n\\\.\n/, '')),
    ],
    ['when the manifest is missing', edited((dump) => dump.replace(/-- manifest .*\n/, ''))],
    ['when the manifest is no JSON', edited((dump) => dump.replace(/(-- manifest )\{/, '$1['))],
    [
      'when it ends within a table',
      edited((dump) => dump.slice(0, dump.indexOf('copy public."vendors"') + 60)),
    ],
    [
      'when something follows the manifest',
      edited((dump) => `${dump}-- table {"name":"vendors","columns":["id"]}\n`),
    ],
  ])('%s', async (_name, damage) => {
    const bad = damage(file);
    await withFresh(async (fresh) => {
      const before = await contentOf(fresh);
      await expect(restoreInto(fresh, bad)).rejects.toThrow(/damaged/);
      expect(await contentOf(fresh)).toEqual(before);
    });
  });

  it.each<[string, string]>([
    ['an account-day', `insert into connections (name, kind) values ('x', 'meta')`],
    [
      'a snapshot',
      `select ensure_snapshot_partitions('2026-11-01', 1); insert into snapshots (slot, account_no) select (date '2026-11-01' - date '2020-01-01') * 86400, 1`,
    ],
  ])('into a database that holds %s', async (_name, statement) => {
    await withFresh(async (fresh) => {
      await fresh.database.script(statement);
      const before = await contentOf(fresh);
      await expect(restoreInto(fresh, file)).rejects.toThrow(/not empty \(there are rows in \w+\)/);
      expect(await contentOf(fresh)).toEqual(before);
    });
  });

  it('when the second reading differs from the first', async () => {
    const other = edited((dump) => dump.replace('\tabc\\\\', '\tabd\\\\'))(file);
    let reads = 0;
    await withFresh(async (fresh) => {
      const before = await contentOf(fresh);
      const dumps = databaseDumps(fresh.target, migrations);
      const turning = () => opened((reads += 1) === 1 ? file : other)();
      await expect(dumps.restore(turning, signal)).rejects.toThrow('damaged');
      expect(await contentOf(fresh)).toEqual(before);
    });
  });

  it('when the database refuses a row, in its first bytes or at its end', async () => {
    await withFresh(async (fresh) => {
      const before = await contentOf(fresh);
      for (const constraint of ['check (id < 0)', 'check (name is null)']) {
        await fresh.database.script(`alter table vendors add constraint odd ${constraint}`);
        await expect(restoreInto(fresh, file)).rejects.toThrow(/constraint|aborted/);
        await fresh.database.script('alter table vendors drop constraint odd');
      }
      await fresh.database.script(
        'create table elsewhere (id int primary key); alter table sessions add constraint odd foreign key (member_id) references members (id), add column far int default 5 references elsewhere',
      );
      await expect(restoreInto(fresh, file)).rejects.toThrow(/constraint|aborted/);
      await fresh.database.script(
        'alter table sessions drop column far, drop constraint odd; drop table elsewhere',
      );
      expect(await contentOf(fresh)).toEqual(before);
    });
  });

  it('when the rows do not arrive as they were sent', async () => {
    await withFresh(async (fresh) => {
      await fresh.database.script(`create function shout() returns trigger language plpgsql as
        'begin new.name := upper(new.name); return new; end';
        create trigger shout before insert on vendors for each row execute function shout()`);
      const before = await contentOf(fresh);
      await expect(restoreInto(fresh, file)).rejects.toThrow('vendors came back otherwise');
      expect(await contentOf(fresh)).toEqual(before);
    });
  });

  it('when it is of another schema', async () => {
    await withFresh(async (fresh) => {
      await fresh.database.script(
        `insert into supabase_migrations.schema_migrations (version) values ('20990101000000')`,
      );
      await expect(restoreInto(fresh, file)).rejects.toThrow(
        /another schema \(last migration \d+, here 20990101000000\)/,
      );
    });
  });
});

it('rows that migrations put there are no obstacle, and are replaced', async () => {
  const fresh = await testDatabase('template0');
  try {
    await migrate(fresh.database, migrations);
    await fresh.database.transaction(async (sql) => {
      await sql`insert into vendors (name) values ('from a migration')`;
      await sql`update supabase_migrations.schema_migrations set name = name where version = (select max(version) from supabase_migrations.schema_migrations)`;
    });
    await restoreInto(fresh, file);
    expect(await contentOf(fresh)).toEqual(await contentOf(full));
  } finally {
    await fresh.drop();
  }
});

it('an owner who is no superuser can dump and restore', async () => {
  const role = `owner_${randomBytes(4).toString('hex')}`;
  await full.database.script(`create role ${role} login`);
  const store = await testDatabase('template0');
  try {
    await store.database.script(
      `alter schema public owner to ${role}; alter database ${store.target.database} owner to ${role}`,
    );
    const to = { ...store.target, user: role };
    const own = connectDatabase({ to, maxConnections: 1 });
    await migrate(own, migrations).finally(() => own.close());
    const dumps = databaseDumps(to, migrations);
    expect(await dumps.restore(opened(file), signal)).toEqual(manifest);
    const made = await dumps.dump(async (bytes) => {
      for await (const chunk of bytes) void chunk;
    }, signal);
    expect(made.tables).toEqual(manifest.tables);
    expect(await contentOf(store)).toEqual(await contentOf(full));
  } finally {
    await store.drop();
    await full.database.script(`drop role ${role}`);
  }
});

function edited(change: (dump: string) => string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const dump = gunzipSync(bytes).toString();
    const changed = change(dump);
    if (changed === dump) throw new Error('the edit changed nothing');
    return gzipSync(changed);
  };
}

/** A row in every table, made from the catalog so that a new table has one too; a few with values that are hard to write. */
async function fillEveryTable(sql: Sql, { script }: PostgresDatabase): Promise<void> {
  await script(`select ensure_snapshot_partitions('2020-01-01', 1), make_detached_day('2026-10-01');
    insert into detached_20261001 (slot, account_no, cpc) values ((date '2026-10-01' - date '2020-01-01') * 86400, 1, 1.50);
    insert into snapshots (slot, account_no, clicks, cpc) select n, 1 + n % 7, n, n * 1.10 from generate_series(1, 3000) n`);
  const special: Record<string, string> = {
    'accounts.account_id': `'act_1'`,
    'archived_days.state': `'due'`,
    'archived_days.day': `'2026-10-01'`,
    'silences.ends_at': `'2026-11-25 12:00:00+00'`,
    'alert_rules.account_no': 'null',
    'alerts.muted_by': 'null',
    'members.quiet_to': `'07:00:00'`,
    'board_prefs.currency': `'USD'`,
    'board_prefs.row_height': '32',
    'exchange_rates.currency': `'USD'`,
    'vendors.day_curve': 'array_fill(7::int2, array[24])',
    'awaited_accounts.account_id': "'act_77'",
    'vendors.promised_limit_currency': "'USD'",
    'particulars.day_curve': 'array_fill(7::int2, array[24])',
  };
  const left = await text<{ name: string; needs: string[] }>(
    sql,
    `select c.relname::text as name,
      coalesce((select jsonb_agg(distinct r.relname) from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and r.oid <> c.oid), '[]') as needs
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relispartition
      and c.relname !~ '^detached_'`,
  );
  const done = new Set<string>();
  while (left.length > 0) {
    const at = left.findIndex(({ needs }) => needs.every((need) => done.has(need)));
    const [table] = left.splice(at, 1);
    const columns = await text<{
      name: string;
      type: string;
      far: string | null;
      allowed: string | null;
      isMade: boolean;
    }>(
      sql,
      `
      select a.attname::text as name, format_type(a.atttypid, null) as type, a.attidentity <> '' as "isMade",
        (select format('(select %I from public.%I limit 1)', (select attname from pg_attribute where attrelid = f.confrelid and attnum = f.confkey[array_position(f.conkey, a.attnum)]), r.relname)
          from pg_constraint f join pg_class r on r.oid = f.confrelid where f.conrelid = a.attrelid and f.contype = 'f' and a.attnum = any (f.conkey) limit 1) as far,
        (select (regexp_match(pg_get_constraintdef(k.oid), '[( ]' || a.attname || ' = (ANY \\(ARRAY\\[)?''([^'']*)'''))[2]
          from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'c'
            and pg_get_constraintdef(k.oid) ~ ('[( ]' || a.attname || ' = (ANY \\(ARRAY\\[)?''') limit 1) as allowed
      from pg_attribute a where a.attrelid = 'public.${table!.name}'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
    );
    const used = columns.filter(({ isMade }) => !isMade);
    const values = used.map(
      ({ name, type, far, allowed }) =>
        special[`${table!.name}.${name}`] ?? far ?? (allowed === null ? sample(type) : `'${allowed}'`),
    );
    await script(
      `insert into public."${table!.name}" (${used.map(({ name }) => `"${name}"`).join(', ')}) values (${values.join(', ')})`,
    );
    done.add(table!.name);
  }
  await script(`insert into vendors (name) values ('abc\\'), (E'tab\\tline\\nbreak'), ('NULL'), ('\\N'), ('\\.'), ('"quoted", ''x'''), ('é 😀');
    insert into audit_log (at, actor, action, detail) values ('infinity', '', E'\\\\.', '{"a": "\\\\n"}'), ('2026-11-24 10:00:00.123456+02', E'\\n\\\\.\\n', 'x', 'null')`);
  await sql`select setval('fences', 9007199254740993)::text`;
}

function sample(type: string): string {
  const values: Record<string, string> = {
    boolean: 'true', date: `'2026-11-24'`, jsonb: `'{"a": [1, null]}'`, bytea: `'\\x00ff5c'`, uuid: 'gen_random_uuid()', numeric: '1.50',
    'timestamp with time zone': `'2026-11-24 12:00:00.5+00'`, 'text[]': `'{"a b",NULL}'`, 'double precision': '0.1', '"char"': `'x'`, 'time without time zone': `'22:30:00'`,
  }; // prettier-ignore
  if (type.endsWith('[]')) return values[type] ?? `'{}'`;
  return values[type] ?? (/int|serial/.test(type) ? '7' : `'sample'`);
}
