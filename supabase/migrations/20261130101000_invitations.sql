-- Who was asked in by e-mail, as what. Only a digest of the link is kept.

create table invitations (
  id integer generated always as identity primary key,
  email text not null check (email = lower(email)),
  role text not null check (role in ('viewer', 'analyst', 'admin')),
  token_sha256 bytea not null unique,
  -- E-mail of the admin, or `operator`.
  invited_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz
);

-- One that still counts for each e-mail: asking again ends the link that was sent before.
create unique index invitations_open on invitations (email) where accepted_at is null and withdrawn_at is null;

select close_tables();
