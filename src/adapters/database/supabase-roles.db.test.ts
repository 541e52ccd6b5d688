import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supabaseDatabase, type SupabaseDatabase } from '../../../tests/supabase/database.ts';
import { addAccount, noon } from '../../services/accounts/fleet.fixture.ts';
import { announceChanged, hasRealtime, letMembersListen, openTopic } from '../../store/live.ts';
import {
  attachDay,
  attachedTable,
  detachDay,
  detachedTable,
  makeDetachedTable,
  readCsvPage,
} from '../../store/archive.ts';
import { insertAudit, insertMember, updateRole } from '../../store/members.ts';
import { ensurePartitions, packSnapshots, slotSeconds } from '../../store/snapshots.ts';
import { migrate } from './migrate.ts';

/**
 * The schema on a PostgreSQL 15 that is set up as Supabase sets it up, with all that it grants its API roles by default. What is
 * tried comes from the catalogue, so whatever a later migration makes is tried too.
 */

const migrations = join(import.meta.dirname, '../../../supabase/migrations');
const outsiders = ['anon', 'authenticated'] as const;
const claims = (role: string) =>
  JSON.stringify({ role, sub: '6f9619ff-8b86-4d11-b42d-00c04fc964ff', app_metadata: { role: 'admin' } });

interface Tried {
  what: string;
  how: string;
}

/** Tries everything that the catalogue lists; each row is something that was not refused for want of a right. */
const prober = `
  create schema probe;
  create function probe.try_all() returns table (what text, how text) language plpgsql as $probe$
  declare
    thing record;
    statement text;
  begin
    for thing in
      select c.oid, format('%I.%I', n.nspname, c.relname) as name, c.relkind,
        (select format('%I', a.attname) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = '' order by a.attnum limit 1) as field
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname not like 'pg\\_%'
        and n.nspname not in ('information_schema', 'auth', 'realtime', 'probe')
    loop
      foreach statement in array case when thing.relkind = 'S'
        then array[format('select nextval(%L)', thing.name), format('select * from %s', thing.name),
          format('select setval(%L, 1)', thing.name)]
        else array[format('select 1 from %s', thing.name), format('select * from %s', thing.name),
          format('insert into %s default values', thing.name), format('delete from %s', thing.name),
          format('update %s set %s = %2$s', thing.name, thing.field), format('truncate %s', thing.name),
          format('lock table %s in access share mode', thing.name)] end
      loop
        continue when statement is null or (thing.relkind in ('v', 'm') and statement like 'truncate%');
        begin
          execute statement;
          what := statement; how := 'done'; return next;
        exception
          when insufficient_privilege then null;
          when others then what := statement; how := sqlerrm; return next;
        end;
      end loop;
    end loop;
    for thing in
      select p.oid::regprocedure as name, format('select %I.%I(%s)', n.nspname, p.proname,
        (select string_agg(format('null::%s', t::regtype), ', ' order by i) from unnest(p.proargtypes) with ordinality u (t, i)))
        as call
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'auth', 'realtime', 'probe')
    loop
      begin
        execute thing.call;
        what := thing.name; how := 'done'; return next;
      exception
        when insufficient_privilege then null;
        when others then what := thing.name; how := sqlerrm; return next;
      end;
    end loop;
  end $probe$;
  grant usage on schema probe to anon, authenticated;`;

describe.each([
  ['as Supabase’s own postgres, past row security', true],
  ['as an owner whom forced row security holds', false],
])('%s', (_who, bypassing) => {
  let made: SupabaseDatabase;
  const today = new Date(noon).toISOString().slice(0, 10);

  beforeAll(async () => {
    made = await supabaseDatabase(bypassing);
    await migrate(made.product, migrations);
    await made.super.script(prober);
    // What comes into being while the product runs.
    const { sql } = made.product;
    await ensurePartitions(sql, today, 4);
    await makeDetachedTable(sql, '2026-10-01');
    await detachDay(sql, '2026-11-25', noon);
    await made.product.script(
      'create table made_later (x int); create view seen_later as select x from made_later',
    );
  });
  afterAll(() => made.drop());

  const tried = (role: string): Promise<Tried[]> =>
    made.super.transaction(async (sql) => {
      await sql`select set_config('role', ${role}, true), set_config('request.jwt.claims', ${claims(role)}, true)`;
      return sql<Tried>`select what, how from probe.try_all()`;
    });

  test('the migrations find nothing to complain of, and the list is not empty', async () => {
    const { sql } = made.super;
    const [count] = await sql<{ tables: number; functions: number }>`
      select (select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')) as tables,
        (select count(*) from pg_proc where pronamespace = 'public'::regnamespace) as functions`;
    expect(count?.tables).toBeGreaterThan(40);
    expect(count?.functions).toBeGreaterThan(15);
  });

  test.each(outsiders)('%s reads, writes and calls nothing at all', async (role) => {
    expect(await tried(role)).toEqual([]);
  });

  test('the probe finds what is open', async () => {
    await made.super.script(`create table public.left_open (x int); grant select on public.left_open to anon;
      create function public.left_open() returns int language sql as 'select 1'; grant execute on function public.left_open to anon`);
    const found = (await tried('anon')).map(({ what }) => what);
    await made.super.script('drop table public.left_open; drop function public.left_open()');
    expect(found).toContain('select * from public.left_open');
    expect(found.some((what) => what.startsWith('left_open'))).toBe(true);
  });

  test('no right is granted to any role of the API, and none will be by default', async () => {
    const granted = await made.super.sql`
      select c.relname, a.grantee::regrole::text, a.privilege_type
      from pg_class c cross join aclexplode(c.relacl) a
      where c.relnamespace = 'public'::regnamespace
        and (a.grantee = 0 or a.grantee in (select oid from pg_roles where rolname in ('anon', 'authenticated', 'service_role')))`;
    expect(granted).toEqual([]);
    const callable = await made.super.sql`
      select p.oid::regprocedure::text from pg_proc p cross join unnest(array['anon', 'authenticated', 'service_role']) r
      where p.pronamespace = 'public'::regnamespace and has_function_privilege(r, p.oid, 'execute')`;
    expect(callable).toEqual([]);
  });

  test('row security is on and forced on every table and partition; views are seen with the rights of who looks', async () => {
    await made.product.sql`select close_tables()`;
    const open = await made.super.sql`
      select relname from pg_class where relnamespace = 'public'::regnamespace and (
        (relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity))
        or (relkind in ('r', 'p') and not exists (select from pg_policy where polrelid = pg_class.oid))
        or (relkind = 'v' and not 'security_invoker=true' = any (coalesce(reloptions, '{}'))))`;
    expect(open).toEqual([]);
    const policies = await made.super.sql<{ roles: string }>`
      select distinct roles::text from pg_policies where schemaname = 'public'`;
    expect(policies).toEqual([{ roles: `{${bypassing ? 'arbhub_bypassing' : 'arbhub_held'}}` }]);
  });

  test('definer functions look nowhere by themselves', async () => {
    const loose = await made.super.sql`
      select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
        and not coalesce('search_path=""' = any (proconfig), false)`;
    expect(loose).toEqual([]);
    // Whose search path could be chosen by the caller.
    const unset = await made.super.sql`
      select oid::regprocedure::text from pg_proc where pronamespace = 'public'::regnamespace
        and not exists (select from unnest(proconfig) s where s like 'search_path=%')`;
    expect(unset).toEqual([]);
  });

  test('the product itself reads, writes, and keeps and brings back its days', async () => {
    const { sql } = made.product;
    const [tables] = await sql<{ statement: string }>`
      select string_agg(format('select count(*) from public.%I', relname), ';') as statement
      from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')`;
    await made.product.script(tables?.statement ?? '');
    const no = await addAccount(sql, { id: 'act_1' });
    await insertAudit(sql, { at: noon, actor: 'test', action: 'test', detail: {} });
    await sql`insert into snapshots (slot, account_no, spend_minor) values (${slotSeconds(noon)}, ${no}, 5)`;
    expect(await packSnapshots(sql, today)).toBe(true);
    expect(await sql`select spend_minor from snapshots`).toEqual([{ spend_minor: 5 }]);
    const page = () => readCsvPage(sql, attachedTable(today), ['slot', 'account_no'], null, 10);
    const csv = JSON.stringify(await page());
    expect(csv).toContain(String(slotSeconds(noon)));
    await detachDay(sql, today, noon);
    expect(await sql`select 1 from snapshots`).toEqual([]);
    expect(
      await made.product.sql`select 1 from pg_class where relname = ${detachedTable(today)}`,
    ).toHaveLength(1);
    await attachDay(sql, today);
    expect(JSON.stringify(await page())).toBe(csv);
    for (const role of outsiders) expect(await tried(role)).toEqual([]);
  });

  test('news are said on the topic, once in a transaction, and nowhere while nobody listens', async () => {
    const { sql } = made.product;
    const said = async () =>
      sql<{ topic: string; event: string; private: boolean; payload: { type?: string } }>`
        select topic, event, private, payload - 'id' as payload from realtime.messages order by inserted_at, event`;
    await announceChanged(sql, ['act_1']);
    expect(await said()).toEqual([]);
    const topic = await openTopic(sql);
    expect(await openTopic(sql)).toBe(topic);
    expect(await hasRealtime(sql)).toBe(true);
    await made.product.transaction(async (inner) => {
      for (let n = 0; n < 3; n += 1) await announceChanged(inner, ['act_1']);
    });
    expect(await said()).toEqual([
      { topic, event: 'news', private: true, payload: { type: 'changed', accountIds: ['act_1'] } },
    ]);
    await sql`delete from realtime.messages`.catch(() => undefined);
  });

  test('a member who may hear less moves the topic, once in a transaction', async () => {
    const { sql } = made.product;
    const before = await openTopic(sql);
    const id = await insertMember(sql, {
      email: 'jane@agency.example',
      role: 'admin',
      passwordHash: 'x',
      at: noon,
    });
    expect(await openTopic(sql)).toBe(before);
    await sql`update members set role = 'admin', email = 'janet@agency.example'`;
    expect(await openTopic(sql)).toBe(before);
    await made.product.transaction(async (inner) => {
      await updateRole(inner, id ?? '', 'viewer');
      await updateRole(inner, id ?? '', 'analyst');
    });
    const after = await openTopic(sql);
    expect(after).not.toBe(before);
    expect(after).toMatch(/^arbhub:[0-9a-f]{64}$/);
    const moved =
      await sql`select payload - 'id' as payload from realtime.messages where topic = ${before} and event = 'moved'`;
    expect(moved).toEqual([{ payload: {} }]);
    await sql`insert into sessions values ('\\x01', ${id}, now(), now(), now())`;
    expect(await openTopic(sql)).toBe(after);
    await sql`delete from sessions where member_id = ${id}`;
    const last = await openTopic(sql);
    expect(last).not.toBe(after);
    await sql`delete from sessions`;
    expect(await openTopic(sql)).toBe(last);
  });

  test('members listen on topics of ours, and say nothing; nobody else hears', async () => {
    expect(await letMembersListen(made.product.sql)).toBe(bypassing);
    if (!bypassing) return;
    const topic = await openTopic(made.product.sql);
    // As Realtime asks it: a row of the topic is put there, then looked for with the rights of who joins.
    const mayHear = (role: string, marks: object, on = topic) =>
      made.super.transaction(async (sql) => {
        await sql`insert into realtime.messages (topic, extension, event) values (${on}, 'broadcast', 'probe')`;
        await sql`select set_config('role', ${role}, true), set_config('realtime.topic', ${on}, true),
          set_config('request.jwt.claims', ${JSON.stringify({ role, sub: '6f9619ff-8b86-4d11-b42d-00c04fc964ff', ...marks })}, true)`;
        return (
          (await sql`select 1 from realtime.messages where event = 'probe' and topic = ${on} limit 1`)
            .length > 0
        );
      });
    const member = { app_metadata: { arbhub: 'member' } };
    expect(await mayHear('authenticated', member)).toBe(true);
    expect(await mayHear('authenticated', { app_metadata: { arbhub: 'barred' } })).toBe(false);
    expect(await mayHear('authenticated', { user_metadata: { arbhub: 'member' }, app_metadata: {} })).toBe(
      false,
    );
    expect(await mayHear('authenticated', {})).toBe(false);
    expect(await mayHear('anon', member)).toBe(false);
    expect(await mayHear('authenticated', member, 'another topic')).toBe(false);
    const says = made.super.transaction(async (sql) => {
      await sql`select set_config('role', 'authenticated', true), set_config('realtime.topic', ${topic}, true),
        set_config('request.jwt.claims', ${JSON.stringify({ role: 'authenticated', ...member })}, true)`;
      await sql`insert into realtime.messages (topic, extension, event) values (${topic}, 'broadcast', 'news')`;
    });
    await expect(says).rejects.toThrow(/row-level security/);
  });
});
