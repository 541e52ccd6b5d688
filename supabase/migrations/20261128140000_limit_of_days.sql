-- Analytics asks how much of its limit each closed account-day used. Looking the limit up for 180,000 days takes a second, so
-- each day remembers the limit and the status with which it ended. NULL source = nothing was known of it then.
alter table account_days
  add column end_limit_minor bigint,
  add column end_limit_source text,
  add column end_status_code smallint;

create function remember_limit_of_day() returns trigger
language plpgsql set search_path = pg_catalog, public as $$
declare
  ended_at timestamptz;
begin
  -- A day that is loaded from a dump brings what it knew.
  if tg_op = 'INSERT' and new.end_limit_source is not null then return new; end if;
  begin
    select (new.day + 1)::timestamp at time zone a.timezone into ended_at from accounts a where a.no = new.account_no;
  exception when invalid_parameter_value then
    -- A zone of Meta's that this server does not know must not keep a day from being written.
    ended_at := (new.day + 1)::timestamp at time zone 'UTC';
  end;
  select s.daily_limit_minor, s.daily_limit_source, s.status_code
    into new.end_limit_minor, new.end_limit_source, new.end_status_code
  from standings s where s.account_no = new.account_no and s.since < ended_at order by s.since desc limit 1;
  return new;
end $$;
revoke all on function remember_limit_of_day() from public;

create trigger limit_of_day before insert or update of closed_at on account_days
  for each row execute function remember_limit_of_day();

-- What has been kept so far, by the same rule.
update account_days set closed_at = closed_at;
