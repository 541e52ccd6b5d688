-- Open screens hear of every alert and delivery, whoever wrote it; and the figures of each day's digest are kept.

-- The text is contract/live-event.ts; like all news it names no figures. One transaction says it once.
create function announce_alerts() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform pg_notify('arbhub_live', '{"type":"alerts"}');
  return null;
end $$;
revoke all on function announce_alerts() from public;
create trigger alerts_news after insert or update on alerts
  for each statement execute function announce_alerts();
create trigger deliveries_news after insert or delete or update of state on deliveries
  for each statement execute function announce_alerts();
create trigger silences_news after insert or update on silences
  for each statement execute function announce_alerts();

-- What the digest of a local day was made of. The words that were sent are the alert's.
create table digests (
  day date primary key,
  alert_id bigint not null references alerts,
  figures jsonb not null
);

select close_tables();
