-- Collecting that can be trusted: many connections with sealed tokens, what each of them reaches, work in shards, snapshots of
-- 90 bytes with the slow figures beside them, account-hours, Meta's activity log, the nightly audit.
-- Money is BIGINT in minor units; unknown is NULL; instants are timestamptz ('infinity' = never).

-- Row security on every table that has none yet; called at the end of each migration that makes tables.
create function close_tables() returns void language plpgsql set search_path = pg_catalog as $$
declare
  t text;
  r text;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_policy p where p.polrelid = c.oid)
  loop
    execute format('alter table public.%I enable row level security', t);
    execute format('alter table public.%I force row level security', t);
    execute format('create policy product on public.%I to %I using (true) with check (true)', t, current_user);
    execute format('revoke all on public.%I from public', t);
    foreach r in array array['anon', 'authenticated'] loop
      if exists (select from pg_roles where rolname = r) then
        execute format('revoke all on public.%I from %I', t, r);
      end if;
    end loop;
  end loop;
end $$;
revoke all on function close_tables() from public;

-- Connections -----------------------------------------------------------------------------------------------------------

alter table connections drop constraint connections_state_check;
-- stopped: Meta refuses the installation or blocks the token, until `retry_at` or for good.
alter table connections add constraint connections_state_check check (state in ('ok', 'paused', 'token_dead', 'stopped'));
alter table connections
  add column business_ids text[] not null default '{}',
  add column retry_at timestamptz,
  -- When the Business Managers' own edges were last read, and how many accounts only they know.
  add column businesses_read_at timestamptz,
  add column only_in_businesses int not null default 0,
  add column version_warning text,
  add column removed_at timestamptz;

-- The token of a connection, sealed: key id, nonce, ciphertext and tag; bound to this row. Never selected but to open it.
create table connection_tokens (
  connection_id int primary key references connections,
  sealed bytea not null,
  -- SHA-256 of the token in the settings that this one stems from: a renewed one wins until the settings bring another.
  from_settings_sha256 bytea,
  set_at timestamptz not null,
  renewed_at timestamptz,
  renewal_failed text,
  -- What debug_token told. NULL = not known, 'infinity' = never.
  checked_at timestamptz,
  app_id text,
  token_type text,
  scopes text[],
  expires_at timestamptz,
  data_access_expires_at timestamptz
);

-- Which account can be reached through which connection. One of them reads it: accounts.connection_id.
create table reach (
  connection_id int not null references connections,
  account_no int not null references accounts,
  found_at timestamptz not null,
  -- Not listed any more by a complete list; null while it is.
  lost_at timestamptz,
  -- Listed, but Meta refuses to read it with this token.
  denied_at timestamptz,
  primary key (connection_id, account_no)
);
create index reach_account on reach (account_no);
insert into reach (connection_id, account_no, found_at) select connection_id, no, date_added from accounts;

-- Scopes of Meta's limits that must be left alone for a while, shared by all processes. Scope: "app:…", "token:…", "account:act_…:bucket".
create table pauses (
  scope text primary key,
  until timestamptz not null,
  reason text not null,
  set_at timestamptz not null
);

-- When the old state was last seen: Meta's log must name a moment after it.
alter table transitions add column last_seen_at timestamptz;

-- Cycles and shards -------------------------------------------------------------------------------------------------------

alter table cycles drop column owner, drop column fence, drop column lease_until;
-- The parts of one slot's work. Whoever claims a shard holds its fence; an older fence can write nothing any more.
create table shards (
  kind text not null,
  slot bigint not null,
  shard int not null,
  -- What the shard is about: accounts of this connection whose number is `part` modulo `parts`. Null = no account.
  connection_id int references connections,
  part int not null,
  parts int not null,
  owner text,
  fence bigint not null default nextval('fences'),
  lease_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  report jsonb,
  primary key (kind, slot, shard),
  foreign key (kind, slot) references cycles on delete cascade
);

-- Figures -----------------------------------------------------------------------------------------------------------------

alter table latest
  add column rejected_ads int,
  -- The counter of the lifetime spend when `day` began, for the check of its growth against insights.
  add column amount_spent_at_dawn_minor bigint;

-- What is read seldom, off the busy row.
create table particulars (
  account_no int primary key references accounts,
  is_prepay boolean,
  funding_type int,
  funding_text text,
  delivery_checks jsonb,
  user_tasks text[],
  details_read_at timestamptz,
  activities_read_at timestamptz,
  -- How far back the history by day and by hour has been read; null = not begun.
  history_from date,
  hours_from date,
  history_failed_at timestamptz,
  -- The last closed account-day that was read again.
  closed_day date
);
insert into particulars (account_no) select no from accounts;

-- What changes seldom, one row per change: joined to snapshots by time.
create table standings (
  account_no int not null references accounts,
  since timestamptz not null,
  status_code smallint,
  daily_limit_minor bigint,
  daily_limit_source text not null,
  spend_cap_minor bigint,
  spend_cap_source text not null,
  active_ads int,
  total_ads int,
  rejected_ads int,
  primary key (account_no, since)
);

-- Old snapshots make room for the lean ones.
do $$
declare
  p text;
begin
  alter table snapshots rename to snapshots_wide;
  for p in select inhrelid::regclass::text from pg_inherits where inhparent = 'snapshots_wide'::regclass loop
    execute format('alter table %I rename to %I', p, replace(p, 'snapshots_', 'wide_'));
  end loop;
end $$;

-- One row per account and metrics slot, partitioned by UTC day, at most 90 bytes with its index: eight columns at most keep
-- the null bitmap free, and four bytes of time keep the key at eight. `slot` = seconds since 2020-01-01T00:00Z.
create table snapshots (
  slot int not null,
  account_no int not null,
  amount_spent_minor bigint,
  spend_minor bigint,
  balance_due_minor bigint,
  clicks int,
  outbound_clicks int,
  -- Meta's own figure where it is not spend / clicks to six decimals.
  cpc numeric,
  -- Closed days are rewritten in order, and nothing is added to them any more.
  primary key (account_no, slot) with (fillfactor = 100)
) partition by range (slot);

create or replace function ensure_snapshot_partitions(first date, days int) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  d date;
  name text;
begin
  for d in select first + n from generate_series(0, days - 1) as n loop
    name := 'snapshots_' || to_char(d, 'YYYYMMDD');
    if to_regclass('public.' || name) is null then
      execute format('create table public.%I partition of public.snapshots for values from (%s) to (%s)',
        name, (d - date '2020-01-01') * 86400, (d + 1 - date '2020-01-01') * 86400);
      execute format('alter table public.%I enable row level security', name);
    end if;
  end loop;
end $$;

-- Rewrites a closed day by account: one account's day on neighbouring pages, its index full.
create function pack_snapshot_partition(packed date) returns boolean
language plpgsql set search_path = pg_catalog, public as $$
declare
  name text := 'snapshots_' || to_char(packed, 'YYYYMMDD');
begin
  if to_regclass('public.' || name) is null then return false; end if;
  execute format('cluster public.%I using %I', name, (
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = to_regclass('public.' || name) and i.indisprimary));
  execute format('analyze public.%I', name);
  return true;
end $$;
revoke all on function pack_snapshot_partition(date) from public;

do $$
declare
  d date;
begin
  for d in select distinct (slot_at at time zone 'UTC')::date from snapshots_wide loop
    perform ensure_snapshot_partitions(d, 1);
  end loop;
end $$;
insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, balance_due_minor, clicks, outbound_clicks, cpc)
select extract(epoch from slot_at - '2020-01-01T00:00Z'::timestamptz)::int, account_no, amount_spent_minor, spend_minor,
  balance_due_minor, clicks, outbound_clicks, cpc
from snapshots_wide order by slot_at, account_no;
insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_minor, spend_cap_source,
  active_ads, total_ads)
select account_no, slot_at, status_code, daily_limit_minor,
  case daily_limit_source when 'o' then 'operator' when 'm' then 'meta' when 'u' then 'unknown' else 'unknown' end,
  spend_cap_minor, case when spend_cap_minor is null then 'unknown' else 'meta' end, active_ads, total_ads
from (
  select *, lag(row (status_code, daily_limit_minor, spend_cap_minor, active_ads, total_ads))
    over (partition by account_no order by slot_at) as before
  from snapshots_wide) s
where before is null or before is distinct from row (status_code, daily_limit_minor, spend_cap_minor, active_ads, total_ads);
drop table snapshots_wide;

-- Closed account-days: the last live figure beside the one that was read after the day's end.
alter table account_days
  add column live_spend_minor bigint,
  add column live_at timestamptz,
  -- Growth of Meta's lifetime counter over the day, where both ends were seen and nobody reset it.
  add column spent_growth_minor bigint,
  -- Read again after the day's end; null = only live.
  add column closed_at timestamptz;

-- Account-hours, in the account's own zone: the curve of a day.
create table account_hours (
  account_no int not null references accounts,
  day date not null,
  hour smallint not null check (hour between 0 and 23),
  spend_minor bigint not null,
  clicks bigint not null,
  outbound_clicks bigint not null,
  primary key (account_no, day, hour)
);

-- Meta's activity log, kept because Meta forgets it. `extra` is Meta's own text, whose layout differs by event.
create table activities (
  id bigint generated always as identity primary key,
  account_no int not null references accounts,
  occurred_at timestamptz not null,
  event_type text not null,
  extra text not null default '',
  words text,
  read_at timestamptz not null
);
create unique index activities_once on activities (account_no, occurred_at, event_type, md5(extra));

-- Each night's audit of the live figures against the closed account-days.
create table accuracy_audits (
  audited_on date primary key,
  audited_at timestamptz not null,
  accounts int not null,
  within int not null,
  worst jsonb not null default '[]',
  -- Account-days whose lifetime counter grew by something else than insights tell, beyond 2%.
  growth_compared int not null,
  growth_apart int not null
);

select close_tables();
