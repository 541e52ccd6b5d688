-- What an alert has come through so far.
alter table alerts
  -- The highest level of contacts that has heard of it.
  add column escalated_to smallint not null default 0,
  -- When people were told first: repeats and escalation count from here. Null: nobody was told yet.
  add column told_at timestamptz;

-- A wave is over when the last of its accounts is back.
alter table alert_accounts add column ended_at timestamptz;
