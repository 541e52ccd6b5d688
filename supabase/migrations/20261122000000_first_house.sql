-- The first house: connections, accounts, what is known of them now and before, what changed, whom it was told, and who may look.
-- Money is BIGINT in Meta's minor units of the account's own currency; an account's currency never changes.
-- Unknown is NULL, never 0. All instants are timestamptz; a day is the account's own calendar day.

create table connections (
  id int generated always as identity primary key,
  name text not null unique,
  kind text not null check (kind in ('meta', 'simulation')),
  state text not null default 'ok' check (state in ('ok', 'paused', 'token_dead')),
  state_since timestamptz not null default now(),
  state_reason text,
  -- Metrics cycles in a row in which nothing could be read.
  failed_cycles int not null default 0,
  created_at timestamptz not null default now()
);

create table vendors (
  id int generated always as identity primary key,
  name text not null unique check (length(name) between 1 and 100)
);

-- A Business Manager. New accounts of one that belongs to a vendor are that vendor's; others are Unassigned.
create table businesses (
  business_id text primary key,
  name text,
  vendor_id int references vendors
);

create table accounts (
  no int generated always as identity primary key,
  account_id text not null unique check (account_id ~ '^act_[0-9]{1,20}$'),
  connection_id int not null references connections,
  vendor_id int references vendors,
  business_id text,
  name text,
  currency text not null,
  timezone text not null,
  date_added timestamptz not null,
  archived_at timestamptz,
  -- The daily limit that the vendor promised, as the operator entered it.
  operator_limit_minor bigint check (operator_limit_minor >= 0)
);
create index accounts_connection on accounts (connection_id);

-- One row per account: the newest of everything. The board reads only this.
create table latest (
  account_no int primary key references accounts,
  state text not null,
  status_code int,
  disable_reason int,
  state_since timestamptz,
  state_since_source text check (state_since_source in ('meta', 'detected')),
  observed_at timestamptz,
  amount_spent_minor bigint,
  balance_due_minor bigint,
  spend_cap_minor bigint,
  spend_cap_source text not null default 'unknown' check (spend_cap_source in ('meta', 'none', 'unknown')),
  meta_limit_minor bigint,
  meta_limit_source text not null default 'unknown' check (meta_limit_source in ('meta', 'unlimited', 'unknown')),
  limit_read_at timestamptz,
  -- Meta refused the field for this token: do not ask again before.
  limit_refused_until timestamptz,
  day date,
  spend_minor bigint,
  impressions bigint,
  clicks bigint,
  outbound_clicks bigint,
  cpc numeric,
  metrics_at timestamptz,
  active_ads int,
  total_ads int,
  ads_read_at timestamptz,
  history_read_at timestamptz,
  -- Spend and limit at the moment of death; shown for as long as the account is dead.
  final_spend_minor bigint,
  final_limit_minor bigint,
  final_limit_source text,
  lifetime_clicks bigint,
  suspended_at timestamptz,
  -- First of the confirmations that the account cannot be reached any more.
  unreachable_since timestamptz,
  unreachable_checked_at timestamptz,
  -- When Meta's activity log was last asked about this account's state.
  story_read_at timestamptz,
  has_access boolean not null default true,
  failure text
) with (fillfactor = 70);

-- One row per account and metrics slot, partitioned by UTC day.
create table snapshots (
  account_no int not null,
  slot_at timestamptz not null,
  day date not null,
  status_code smallint,
  active_ads int,
  total_ads int,
  clicks int,
  outbound_clicks int,
  spend_minor bigint,
  amount_spent_minor bigint,
  balance_due_minor bigint,
  spend_cap_minor bigint,
  daily_limit_minor bigint,
  daily_limit_source "char",
  cpc numeric,
  primary key (account_no, slot_at)
) partition by range (slot_at);

-- Makes the partitions of `days` days from `first` on; existing ones are left alone.
create function ensure_snapshot_partitions(first date, days int) returns void
language plpgsql set search_path = pg_catalog, public as $$
declare
  d date;
begin
  for d in select first + n from generate_series(0, days - 1) as n loop
    if to_regclass('public.snapshots_' || to_char(d, 'YYYYMMDD')) is null then
      execute format(
        'create table public.%I partition of public.snapshots for values from (%L) to (%L)',
        'snapshots_' || to_char(d, 'YYYYMMDD'),
        to_char(d, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(d + 1, 'YYYY-MM-DD') || ' 00:00:00+00');
      execute format('alter table public.%I enable row level security', 'snapshots_' || to_char(d, 'YYYYMMDD'));
    end if;
  end loop;
end $$;

-- An account's own calendar days, kept for good.
create table account_days (
  account_no int not null references accounts,
  day date not null,
  spend_minor bigint not null,
  impressions bigint not null,
  clicks bigint not null,
  outbound_clicks bigint not null,
  read_at timestamptz not null,
  primary key (account_no, day)
);

-- What changed, once each. Amounts are in the account's currency.
create table transitions (
  id bigint generated always as identity primary key,
  account_no int not null references accounts,
  kind text not null check (kind in (
    'status_changed', 'daily_limit_changed', 'spend_cap_changed', 'amount_spent_reset',
    'access_lost', 'access_regained', 'discovered', 'archived', 'unarchived')),
  from_code int,
  to_code int,
  from_state text,
  to_state text,
  from_minor bigint,
  to_minor bigint,
  -- When it happened, where Meta tells; when we saw it.
  occurred_at timestamptz,
  detected_at timestamptz not null
);
create index transitions_account on transitions (account_no, id);
create index transitions_detected on transitions (detected_at, id);

create table alerts (
  id bigint generated always as identity primary key,
  -- Names the cause once and for all; the same cause can never open a second alert.
  key text not null unique,
  kind text not null,
  severity text not null check (severity in ('critical', 'warning', 'info')),
  title text not null,
  body text not null,
  fields jsonb not null default '[]',
  connection_id int references connections,
  opened_at timestamptz not null,
  resolved_at timestamptz
);
create index alerts_open on alerts (kind) where resolved_at is null;
create index alerts_opened on alerts (opened_at, id);

create table alert_accounts (
  alert_id bigint not null references alerts,
  account_no int not null references accounts,
  transition_id bigint references transitions,
  primary key (alert_id, account_no)
);
create index alert_accounts_account on alert_accounts (account_no);

create table channels (
  id int generated always as identity primary key,
  kind text not null check (kind in ('slack')),
  name text not null unique,
  -- Lowest severity that it gets by itself.
  lowest_severity text not null default 'critical' check (lowest_severity in ('critical', 'warning', 'info')),
  disabled_at timestamptz,
  disabled_reason text,
  -- Set by a receiver's "too many" and by the spacing between messages.
  paused_until timestamptz,
  created_at timestamptz not null default now()
);

-- The outbox: one row per alert, channel and step. pending -> claimed -> sent | retry -> … | dead.
create table deliveries (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alerts,
  channel_id int not null references channels,
  step smallint not null default 0,
  state text not null default 'pending' check (state in ('pending', 'claimed', 'retry', 'sent', 'dead')),
  attempts int not null default 0,
  due_at timestamptz not null,
  -- While claimed: whose attempt it is and until when nobody else may take it. A claim that ran out has an unknown outcome.
  claimed_by text,
  lease_until timestamptz,
  may_have_arrived boolean not null default false,
  last_error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  unique (alert_id, channel_id, step)
);
create index deliveries_due on deliveries (channel_id, due_at) where state in ('pending', 'retry', 'claimed');

create sequence fences;

-- One row per kind and slot: the claim (owner, fence, lease), then the report.
create table cycles (
  kind text not null check (kind in ('status', 'metrics', 'alerts', 'daily')),
  slot bigint not null,
  owner text not null,
  fence bigint not null default nextval('fences'),
  lease_until timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  report jsonb,
  primary key (kind, slot)
);
create index cycles_finished on cycles (kind, finished_at desc) where finished_at is not null;

create table members (
  id uuid primary key default gen_random_uuid(),
  email text not null check (email = lower(email)),
  password_hash text,
  role text not null check (role in ('viewer', 'analyst', 'admin')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  unique (email)
);

create table sessions (
  -- Only the digest of the token is here; the token itself is in the member's cookie and nowhere else.
  token_sha256 bytea primary key,
  member_id uuid not null references members,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_member on sessions (member_id);

-- Links that work once: the first admin's set-up, later invitations.
create table one_time_links (
  token_sha256 bytea primary key,
  purpose text not null check (purpose in ('first_admin')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Counts tries per subject ("login:mail:…", "login:address:…") in windows.
create table throttles (
  subject text not null,
  window_start timestamptz not null,
  tries int not null,
  primary key (subject, window_start)
);

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  detail jsonb not null default '{}'
);

-- Nobody but the product's own role reads or writes: row security everywhere, no grants to Supabase's API roles.
do $$
declare
  t text;
  r text;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
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
revoke all on function ensure_snapshot_partitions(date, int) from public;
