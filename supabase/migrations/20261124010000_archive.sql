-- Days of snapshots that leave the database: what is known of their copies, and the few statements that need a table's name.

-- One row per UTC day of `snapshots` that was ever up for the archive. Rows and tables are never inferred from it: the catalog tells.
create table archived_days (
  day date primary key,
  -- due -> counted -> copied -> detached -> dropped; restored = back in the table.
  -- counted: rows and hash are known. copied: a copy was read back and is equal. detached: out of `snapshots`, rows still here.
  state text not null default 'due' check (state in ('due', 'counted', 'copied', 'detached', 'dropped', 'restored')),
  row_count bigint,
  -- SHA-256 of the day as CSV text.
  sha256 text,
  -- [{"name", "type"}] in the order of the file.
  columns jsonb,
  -- The compressed object, as it was read back. A key is written once and never again.
  object_key text,
  object_bytes bigint,
  object_sha256 text,
  copied_at timestamptz,
  detached_at timestamptz,
  dropped_at timestamptz,
  restored_at timestamptz,
  -- A restored day is left alone until then.
  keep_until timestamptz,
  failures int not null default 0,
  problem text,
  retry_at timestamptz,
  -- Who is at it, and until when nobody else need try. It saves work; what keeps rows safe are the comparisons.
  worker text,
  busy_until timestamptz,
  check (state = 'due' or (row_count is not null and sha256 is not null and columns is not null)),
  check (state in ('due', 'counted') or (object_key is not null and object_bytes is not null and object_sha256 is not null))
);

-- The name of a day's table: attached it is snapshots_…, detached it is detached_….
create function day_table(kind text, d date) returns text language sql immutable set search_path = pg_catalog as $$
  select kind || '_' || lpad(extract(year from d)::text, 4, '0') || lpad(extract(month from d)::text, 2, '0')
    || lpad(extract(day from d)::text, 2, '0')
$$;

-- One page of a table as CSV lines in the order of its primary key, after the row whose key is `after` (null = from the start).
-- NULL is nothing, text stands in quotes, so that an empty text is told apart. The settings make the text the same on any server.
create function csv_page(part regclass, columns text[], after jsonb, page int,
  out lines text, out line_count int, out last_key jsonb)
language plpgsql stable
set search_path = pg_catalog set timezone = 'UTC' set datestyle = 'ISO, YMD' set intervalstyle = 'postgres'
set extra_float_digits = 1 set bytea_output = 'hex' as $$
declare
  keys text;
  key_texts text;
  bounds text;
  fields text;
begin
  select string_agg(format('%I', a.attname), ', ' order by k.n),
    string_agg(format('%I::text', a.attname), ', ' order by k.n),
    string_agg(format('($1 ->> %s)::%s', k.n - 1, format_type(a.atttypid, a.atttypmod)), ', ' order by k.n)
  into keys, key_texts, bounds
  from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k (attnum, n)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where i.indrelid = part and i.indisprimary;
  select string_agg(
    format(case when t.typcategory in ('N', 'B', 'D') then 'coalesce(%1$I::text, '''')'
      else 'coalesce(''"'' || replace(%1$I::text, ''"'', ''""'') || ''"'', '''')' end, a.attname),
    ' || '','' || ' order by c.n)
  into fields
  from unnest(columns) with ordinality c (name, n)
  join pg_attribute a on a.attrelid = part and a.attname = c.name and not a.attisdropped
  join pg_type t on t.oid = a.atttypid;
  execute format(
    'select string_agg(line, '''' order by n), count(*)::int, (array_agg(key order by n desc))[1]
     from (select %s || E''\n'' as line, jsonb_build_array(%s) as key, row_number() over (order by %s) as n
       from %s %s order by %3$s limit $2) page',
    fields, key_texts, keys, part, case when after is null then '' else format('where (%s) > (%s)', keys, bounds) end)
  into lines, line_count, last_key using after, page;
end $$;

-- Rows from a copy, each an object of texts by column; a row that is there already stays as it is. Answers how many were new.
create function insert_copied_rows(part regclass, rows jsonb) returns int
language plpgsql set search_path = pg_catalog set timezone = 'UTC' set datestyle = 'ISO, YMD' as $$
declare
  added int;
begin
  execute format('insert into %1$s select * from jsonb_populate_recordset(null::%1$s, $1) on conflict do nothing', part)
  using rows;
  get diagnostics added = row_count;
  return added;
end $$;

-- No writer may come in until the transaction ends; readers may.
create function hold_table(part regclass) returns void language plpgsql set search_path = pg_catalog as $$
begin
  execute format('lock table only %s in share mode', part);
end $$;

create function detach_snapshot_day(d date) returns void language plpgsql set search_path = pg_catalog as $$
begin
  execute format('alter table public.snapshots detach partition public.%I', public.day_table('snapshots', d));
  execute format('alter table public.%I rename to %I', public.day_table('snapshots', d), public.day_table('detached', d));
  perform public.close_tables();
end $$;

-- An empty table for a day that comes back from its copy; it joins `snapshots` once it is whole.
create function make_detached_day(d date) returns void language plpgsql set search_path = pg_catalog as $$
begin
  execute format('create table public.%I (like public.snapshots including all)', public.day_table('detached', d));
  perform public.close_tables();
end $$;

create function attach_snapshot_day(d date) returns void language plpgsql set search_path = pg_catalog as $$
begin
  execute format('alter table public.%I rename to %I', public.day_table('detached', d), public.day_table('snapshots', d));
  execute format('alter table public.snapshots attach partition public.%I for values from (%s) to (%s)',
    public.day_table('snapshots', d), (d - date '2020-01-01') * 86400, (d + 1 - date '2020-01-01') * 86400);
end $$;

create function drop_detached_day(d date) returns void language plpgsql set search_path = pg_catalog as $$
begin
  execute format('drop table public.%I', public.day_table('detached', d));
end $$;

-- They run with the caller's rights, and nobody but the product may even call them.
do $$
declare
  r text;
begin
  for r in select 'public' union all select quote_ident(rolname) from pg_roles where rolname in ('anon', 'authenticated') loop
    execute 'revoke all on function day_table(text, date), csv_page(regclass, text[], jsonb, int), insert_copied_rows(regclass, jsonb),
      hold_table(regclass), detach_snapshot_day(date), make_detached_day(date), attach_snapshot_day(date), drop_detached_day(date)
      from ' || r;
  end loop;
end $$;

select close_tables();
