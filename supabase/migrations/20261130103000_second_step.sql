-- The second step of signing in: codes by time (RFC 6238), and codes for when the phone is lost.

create table second_steps (
  member_id uuid primary key references members,
  -- The secret, sealed and bound to this row.
  sealed bytea not null,
  created_at timestamptz not null,
  -- null = begun, and not yet in force.
  confirmed_at timestamptz,
  -- The 30 seconds (counted since 1970) whose code was accepted last: no code works twice.
  last_step bigint not null default 0
);

create table recovery_codes (
  member_id uuid not null references members,
  code_sha256 bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (member_id, code_sha256)
);

-- One row at most: what this installation asks of those who sign in.
create table sign_in_policy (
  is_only boolean primary key default true check (is_only),
  admins_need_second_step boolean not null
);

select close_tables();
