-- Vendors as people: whom to write to, and what they have promised. Null = nothing is said.

alter table vendors
  add column contact_name text check (length(contact_name) <= 100),
  add column contact_email text check (length(contact_email) <= 254),
  add column contact_telegram text check (length(contact_telegram) <= 33),
  add column note text check (length(note) <= 2000),
  -- Within how many hours a dead account is replaced.
  add column promised_hours int check (promised_hours between 1 and 8760),
  -- The daily limit that each account of this currency is to have, in its minor units.
  add column promised_limit_minor bigint check (promised_limit_minor >= 0),
  add column promised_limit_currency text check (promised_limit_currency ~ '^[A-Z]{3}$'),
  add column fee_note text check (length(fee_note) <= 500),
  add constraint vendors_promised_limit check ((promised_limit_minor is null) = (promised_limit_currency is null));
