-- What admins say of the fleet by hand: who archived an account, and what is to count for accounts that nobody has seen yet.

-- Null: the house itself did, because nobody reads the account any more.
alter table accounts add column archived_by text;

-- Applied, and deleted, when a connection finds the account.
create table awaited_accounts (
  account_id text primary key check (account_id ~ '^act_[0-9]{1,20}$'),
  vendor_id int references vendors,
  -- Major units as they were entered: the currency is Meta's to tell.
  daily_limit text,
  tags text[] not null default '{}',
  added_by text not null,
  added_at timestamptz not null
);

select close_tables();
