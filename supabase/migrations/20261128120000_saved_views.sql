-- How each member looks at the board: views that he has given a name, and what he used last.

create table saved_views (
  member_id uuid not null references members,
  name text not null check (length(name) between 1 and 40),
  -- The search part of the board's address: filters, view, order and columns.
  search text not null check (length(search) <= 1000),
  created_at timestamptz not null,
  primary key (member_id, name)
);

create table board_prefs (
  member_id uuid primary key references members,
  view text not null default 'cards' check (view in ('cards', 'table')),
  -- null = the columns that the product shows by default
  columns text[],
  row_height smallint not null default 32 check (row_height in (28, 32, 40)),
  -- The currency that totals are converted to.
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$')
);

select close_tables();
