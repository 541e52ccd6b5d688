-- What Meta pushes. A push is a hint to read an account at once, never a fact: nothing of what it says is stored as a status.

-- Changes that were heard, so that a repeated delivery is heard once; forgotten after a week.
create table webhook_changes (
  -- SHA-256 of topic, entry, time, field and value.
  digest bytea primary key,
  account_id text not null,
  field text not null,
  heard_at timestamptz not null
);
create index webhook_changes_heard on webhook_changes (heard_at);

-- Accounts to read at once, known to us or not. Due while nobody has taken it since it was heard.
create table hints (
  account_id text primary key,
  -- The field of the change that was heard last.
  reason text not null,
  heard_at timestamptz not null,
  -- When a reader took it.
  read_at timestamptz
);
create index hints_due on hints (heard_at) where read_at is null or read_at <= heard_at;

select close_tables();
