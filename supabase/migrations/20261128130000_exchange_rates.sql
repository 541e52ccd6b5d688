-- What one euro was worth on a day, for totals over several currencies. Never used where money is decided about.

create table exchange_rates (
  day date not null,
  currency text not null check (currency ~ '^[A-Z]{3}$' and currency <> 'EUR'),
  per_euro numeric not null check (per_euro > 0),
  -- 'ecb', or who entered it
  source text not null,
  primary key (day, currency)
);

select close_tables();
