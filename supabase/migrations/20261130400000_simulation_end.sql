-- The end of a simulation: where its rows were copied to, and when they leave the database.

create table simulation_ends (
  connection_id int primary key references connections,
  -- What the connection was called till then.
  name text not null,
  ended_at timestamptz not null,
  remove_at timestamptz not null,
  -- {"key", "bytes", "sha256", "textSha256", "rows": {table: count}}, as it was read back; null = nothing may be removed.
  copy jsonb,
  problem text,
  removed_at timestamptz
);

-- The rows of a table that belong to one account or alert, as JSON, in one order on any server.
create function rows_of(part regclass, key text, id bigint) returns setof text
language plpgsql stable set search_path = pg_catalog set timezone = 'UTC' set extra_float_digits = 1 as $$
begin
  return query execute format('select to_jsonb(t)::text from %s t where %I = $1 order by 1', part, key) using id;
end $$;

create function delete_rows_of(part regclass, key text, id bigint) returns bigint
language plpgsql set search_path = pg_catalog, public as $$
declare
  gone bigint;
begin
  execute format('delete from %s where %I = $1', part, key) using id;
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function rows_of(regclass, text, bigint), delete_rows_of(regclass, text, bigint) from public;

select close_tables();
