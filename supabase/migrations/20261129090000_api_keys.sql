-- Keys for programs, made in the product. Only a digest of each is kept.

create table api_keys (
  id integer generated always as identity primary key,
  name text not null check (length(name) between 1 and 60),
  role text not null check (role in ('viewer', 'analyst')),
  key_sha256 bytea not null unique,
  -- null = the operator's tool
  member_id uuid references members,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- One living key of a name, so that the name in the audit log says which it was.
create unique index api_keys_name on api_keys (name) where revoked_at is null;

select close_tables();
