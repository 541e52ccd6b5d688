-- On Supabase: nothing here is for its API roles, whatever its defaults grant them, and news travel by Realtime.

-- Closing --------------------------------------------------------------------------------------------------------------

-- Row security, enabled and forced, on every table and partition; no right of anybody's but the owner's on tables, views,
-- sequences and functions. Touches only what is open, so that it may be called at any time; every migration ends with it.
create or replace function close_tables() returns void language plpgsql set search_path = '' as $$
declare
  thing record;
  others oid[] := array[0::oid] || array(
    select oid from pg_catalog.pg_roles where rolname in ('anon', 'authenticated', 'service_role'));
  names text := 'public' || coalesce((
    select string_agg(', ' || quote_ident(rolname), '') from pg_catalog.pg_roles
    where rolname in ('anon', 'authenticated', 'service_role')), '');
begin
  for thing in
    select c.oid::regclass as name, c.relkind, c.relrowsecurity as is_on, c.relforcerowsecurity as is_forced,
      exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid) as has_policy,
      exists (select from aclexplode(c.relacl) a where a.grantee = any (others)) as is_granted,
      'security_invoker=true' = any (coalesce(c.reloptions, '{}')) as is_invoker
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'S') and pg_catalog.pg_has_role(c.relowner, 'usage')
  loop
    if thing.is_granted then
      execute format('revoke all on %s %s from %s', case thing.relkind when 'S' then 'sequence' else '' end, thing.name, names);
    end if;
    if thing.relkind in ('r', 'p') then
      if not thing.is_on then execute format('alter table %s enable row level security', thing.name); end if;
      if not thing.is_forced then execute format('alter table %s force row level security', thing.name); end if;
      if not thing.has_policy then
        execute format('create policy product on %s to %I using (true) with check (true)', thing.name, current_user);
      end if;
    elsif thing.relkind = 'v' and not thing.is_invoker then
      execute format('alter view %s set (security_invoker = true)', thing.name);
    end if;
  end loop;
  for thing in
    select p.oid::regprocedure as name
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and pg_catalog.pg_has_role(p.proowner, 'usage')
      -- Without a list of rights, anybody may call it.
      and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = any (others)))
      and not exists (select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('revoke all on routine %s from %s', thing.name, names);
  end loop;
end $$;

-- A day's table is closed as it is made.
create or replace function ensure_snapshot_partitions(first date, days int) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  d date;
  name text;
  is_made boolean := false;
begin
  for d in select first + n from generate_series(0, days - 1) as n loop
    name := 'snapshots_' || to_char(d, 'YYYYMMDD');
    if to_regclass('public.' || name) is null then
      -- Several processes start at once: one makes the day, the others wait and find it. By the catalogue: what to_regclass has not
      -- found once, it may go on not finding within the transaction.
      perform pg_advisory_xact_lock(6274219083345178);
      continue when exists (
        select from pg_class c where c.relname = name and c.relnamespace = 'public'::regnamespace);
      execute format('create table public.%I partition of public.snapshots for values from (%s) to (%s)',
        name, (d - date '2020-01-01') * 86400, (d + 1 - date '2020-01-01') * 86400);
      is_made := true;
    end if;
  end loop;
  if is_made then perform public.close_tables(); end if;
end $$;

-- Supabase grants its API roles everything that is made in `public`; not what this product makes.
do $$
declare
  r text;
begin
  for r in select quote_ident(rolname) from pg_roles where rolname in ('anon', 'authenticated', 'service_role') loop
    execute format('alter default privileges in schema public revoke all on tables from %s', r);
    execute format('alter default privileges in schema public revoke all on sequences from %s', r);
    execute format('alter default privileges in schema public revoke all on routines from %s', r);
  end loop;
end $$;

-- News -----------------------------------------------------------------------------------------------------------------

-- The one topic on which open screens hear news by Realtime; no row while nobody hears them so. Its name cannot be guessed, is
-- told to members only, and changes as soon as one of them may hear less: what is said afterwards does not reach him.
create table live_topics (
  is_only boolean primary key default true check (is_only),
  name text not null,
  since timestamptz not null default now()
);

create function new_topic_name() returns text language sql volatile set search_path = '' as $$
  select 'arbhub:' || replace(pg_catalog.gen_random_uuid()::text || pg_catalog.gen_random_uuid()::text, '-', '')
$$;

-- Whether this database is Supabase's own, which has Realtime in it.
create function has_realtime() returns boolean language sql stable set search_path = '' as $$
  select pg_catalog.to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null
$$;

-- News are never worth a write that fails.
create function tell_realtime(topic text, event text, payload jsonb) returns void
language plpgsql set search_path = '' as $$
begin
  perform realtime.send(payload, event, topic, true);
exception when others then
  raise warning 'live news not told: %', sqlerrm;
end $$;

-- Tells every open screen, once the transaction has committed. `event` is contract/live-event.ts and names no figures.
create function announce_live(event text) returns void language plpgsql set search_path = '' as $$
declare
  topic text;
  said text;
begin
  perform pg_catalog.pg_notify('arbhub_live', event);
  select name into topic from public.live_topics;
  if topic is null or not public.has_realtime() then return; end if;
  -- PostgreSQL tells equal notifications of one transaction once; so do we.
  said := pg_catalog.pg_current_xact_id()::text || event;
  if said = pg_catalog.current_setting('arbhub.said', true) then return; end if;
  perform pg_catalog.set_config('arbhub.said', said, true);
  perform public.tell_realtime(topic, 'news', event::jsonb);
end $$;

create or replace function announce_alerts() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform public.announce_live('{"type":"alerts"}');
  return null;
end $$;

-- Another name for the topic, at most one in a transaction. Who listens under the old one is told to ask anew.
create function move_live_topic() returns trigger language plpgsql set search_path = '' as $$
declare
  old_name text;
begin
  update public.live_topics t set name = public.new_topic_name(), since = now()
  from (select name from public.live_topics for update) o
  where t.since is distinct from now()
  returning o.name into old_name;
  if old_name is null then return null; end if;
  perform pg_catalog.pg_notify('arbhub_live_moved', old_name);
  if public.has_realtime() then perform public.tell_realtime(old_name, 'moved', '{}'); end if;
  return null;
end $$;

create trigger members_hear_less after update of role, disabled_at on members
  for each row when (old.role is distinct from new.role or old.disabled_at is distinct from new.disabled_at)
  execute function move_live_topic();
create trigger members_gone after delete on members for each row execute function move_live_topic();
create trigger sessions_ended after delete on sessions for each row execute function move_live_topic();

-- Lets members hear, and nobody say, what is on the topic. Realtime asks this when somebody joins, with the claims of his access
-- token; `app_metadata` is written with the service key only. False where it could not be done, or there is no Realtime.
create function let_members_listen() returns boolean language plpgsql set search_path = '' as $$
begin
  if pg_catalog.to_regclass('realtime.messages') is null then return false; end if;
  if exists (select from pg_catalog.pg_policy
    where polrelid = 'realtime.messages'::regclass and polname = 'arbhub_members_listen') then return true; end if;
  execute $policy$
    create policy arbhub_members_listen on realtime.messages for select to authenticated using (
      extension = 'broadcast'
      and (select realtime.topic()) ~ '^arbhub:[0-9a-f]{64}$'
      and (select auth.jwt()) -> 'app_metadata' ->> 'arbhub' = 'member')
  $policy$;
  return true;
exception when insufficient_privilege then
  -- Some ways of applying migrations may not do it; the product tries again at its start.
  raise warning 'members cannot listen yet: %', sqlerrm;
  return false;
end $$;

select let_members_listen();
select close_tables();
