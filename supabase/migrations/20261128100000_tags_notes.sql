-- What the team writes about accounts: words to find them by, and notes for each other.

create table account_tags (
  account_no int not null references accounts,
  tag text not null check (tag = lower(tag) and length(tag) between 1 and 30),
  primary key (account_no, tag)
);

create table notes (
  id bigint generated always as identity primary key,
  account_no int not null references accounts,
  author text not null,
  words text not null check (length(words) between 1 and 2000),
  written_at timestamptz not null
);
create index notes_account on notes (account_no, id);

select close_tables();
