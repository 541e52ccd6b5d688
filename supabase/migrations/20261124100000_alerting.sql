-- Alerting: channels of every kind, who hears what, tuned rules, conditions with hysteresis, and the life of an alert.

-- Quiet hours of a person, in his zone; from > to spans midnight.
alter table members
  add column timezone text not null default 'UTC',
  add column quiet_from time,
  add column quiet_to time,
  add constraint members_quiet_whole check ((quiet_from is null) = (quiet_to is null));

alter table channels
  drop constraint channels_kind_check,
  add constraint channels_kind_check check (
    kind in ('slack', 'slack_bot', 'telegram', 'whatsapp', 'email', 'web_push', 'pagerduty', 'webhook')),
  -- How it is reached, as JSON, sealed and bound to this row; null: the settings say it.
  add column sealed bytea,
  -- What may be shown of that: an address without its secret part, a chat's name.
  add column shown text,
  -- Only these kinds of alerts; null: all.
  add column kinds text[],
  -- Only accounts of these vendors; null: all, and what concerns no vendor.
  add column vendor_ids int[],
  -- Whose it is: his quiet hours count.
  add column member_id uuid references members,
  -- The vendor's own: hears of suspensions of his accounts, in the words that are shared with him, and of nothing else.
  add column vendor_id int references vendors,
  -- 0 hears at once; 1, 2, … hear when an alert has stayed unacknowledged for that many times the escalation's wait.
  add column escalation_level smallint not null default 0 check (escalation_level between 0 and 9),
  add column last_sent_at timestamptz,
  add column last_error text,
  add column last_error_at timestamptz,
  add column last_duration_ms int,
  add column removed_at timestamptz;

alter table alerts
  -- What it is about, as long as it is open: two open alerts of one kind about one thing cannot be.
  add column subject text,
  add column acknowledged_at timestamptz,
  add column acknowledged_by text,
  add column acknowledged_reason text,
  add column snoozed_until timestamptz,
  -- Why nobody was told: a silence, a cause that is told already, or a thing that flaps.
  add column silence_id int,
  add column muted_by bigint references alerts,
  add column is_flapping boolean not null default false,
  -- When it is said again or told to the next contact; null when never.
  add column next_step_at timestamptz,
  add column steps int not null default 0;
create unique index alerts_open_subject on alerts (kind, subject) where resolved_at is null and subject is not null;
create index alerts_next_step on alerts (next_step_at) where resolved_at is null and next_step_at is not null;

alter table deliveries
  drop constraint deliveries_state_check,
  -- held: by quiet hours, until due_at; digested: told in a digest instead.
  add constraint deliveries_state_check check (state in ('pending', 'claimed', 'retry', 'sent', 'dead', 'held', 'digested')),
  add column purpose text not null default 'opened' check (
    purpose in ('opened', 'repeat', 'escalated', 'acknowledged', 'resolved', 'digest', 'test')),
  -- Words of its own where they are not the alert's.
  add column words jsonb,
  -- How the receiver calls what it got, where it tells: for editing and answering it.
  add column ref text,
  add column duration_ms int,
  add column claimed_at timestamptz;
create index deliveries_alert on deliveries (alert_id);
create index deliveries_held on deliveries (channel_id, due_at) where state = 'held';

create table silences (
  id int generated always as identity primary key,
  author text not null,
  reason text not null check (reason <> ''),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  -- What it covers; null: all.
  kinds text[],
  vendor_id int references vendors,
  account_no int references accounts,
  ended_at timestamptz,
  ended_by text
);
alter table alerts add constraint alerts_silence foreign key (silence_id) references silences;

-- How a kind of alert is tuned: for all (neither), for a vendor, or for an account; the narrower word wins, field by field.
create table alert_rules (
  id int generated always as identity primary key,
  kind text not null,
  vendor_id int references vendors,
  account_no int references accounts,
  is_on boolean,
  severity text check (severity in ('critical', 'warning', 'info')),
  -- Thresholds and floors by name; what is missing is the wider rule's.
  thresholds jsonb not null default '{}',
  updated_by text not null,
  updated_at timestamptz not null,
  check (vendor_id is null or account_no is null),
  unique nulls not distinct (kind, vendor_id, account_no)
);

-- Conditions that hold, or are about to hold or to end, counted in slots: one bad slot is no alert, one good one no end. What
-- is neither has no row.
create table conditions (
  account_no int not null references accounts,
  kind text not null,
  -- The last slot that counted, as in `snapshots`.
  slot int not null,
  bad smallint not null,
  good smallint not null,
  is_open boolean not null,
  -- Null while it is open: nobody has been told yet.
  alert_id bigint references alerts,
  primary key (account_no, kind),
  check (is_open or alert_id is null)
);
create index conditions_untold on conditions (account_no) where is_open and alert_id is null;
create index conditions_alert on conditions (alert_id) where alert_id is not null;

-- Secrets of the installation itself, sealed: the key pair of web push.
create table installation_secrets (
  name text primary key,
  sealed bytea not null,
  created_at timestamptz not null
);

-- A link in a message that opens a page with a button: single use, for one alert and channel.
alter table one_time_links
  drop constraint one_time_links_purpose_check,
  add constraint one_time_links_purpose_check check (purpose in ('first_admin', 'alert')),
  add column alert_id bigint references alerts,
  add column channel_id int references channels;

select close_tables();
