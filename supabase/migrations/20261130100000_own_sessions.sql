-- What a member sees of his sessions: a name to end one by that is no secret, and the browser that it was opened with.

alter table sessions
  add column id uuid not null default gen_random_uuid() unique,
  add column device text check (length(device) <= 60);
