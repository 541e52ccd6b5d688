import { createHash } from 'node:crypto';
import type { CopySession } from './copy-session.ts';

/** A table of the product as a dump sees it. */
export interface CatalogTable {
  name: string;
  /** Without generated ones, which make themselves. */
  columns: string[];
  /** Its primary key; all columns where there is none. */
  order: string[];
  hasForcedRowSecurity: boolean;
}

/** Every table with rows, partitions one by one, each after those that it refers to. Throws when they refer in a circle. */
export async function listTables(session: CopySession): Promise<CatalogTable[]> {
  const tables = await session.rows<CatalogTable & { needs: string[] }>(`
    select c.relname::text as name, c.relforcerowsecurity as "hasForcedRowSecurity",
      (select jsonb_agg(a.attname order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      coalesce(
        (select jsonb_agg(a.attname order by k.n) from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k (attnum, n)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary),
        (select jsonb_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as "order",
      coalesce((select jsonb_agg(distinct r.relname) from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid and r.relkind = 'r'), '[]') as needs
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname collate "C"`);
  const ordered: CatalogTable[] = [];
  const done = new Set<string>();
  let left = tables;
  while (left.length > 0) {
    const ready = left.filter(({ needs }) => needs.every((name) => done.has(name)));
    if (ready.length === 0)
      throw new Error(`Tables refer to each other in a circle: ${left.map((t) => t.name).join(', ')}.`);
    for (const { name, columns, order, hasForcedRowSecurity } of ready) {
      ordered.push({ name, columns, order, hasForcedRowSecurity });
      done.add(name);
    }
    left = left.filter(({ name }) => !done.has(name));
  }
  return ordered;
}

export interface CatalogSequence {
  name: string;
  value: string;
  isCalled: boolean;
}

/** Where the sequences stand. Read them after the tables: they move outside of transactions, and only forwards. */
export async function listSequences(session: CopySession): Promise<CatalogSequence[]> {
  return session.rows<CatalogSequence>(`
    select sequencename::text as name, coalesce(last_value, start_value)::text as value, last_value is not null as "isCalled"
    from pg_sequences where schemaname = 'public' order by sequencename collate "C"`);
}

export async function listMigrations(session: CopySession): Promise<string[]> {
  const rows = await session.rows<{ version: string }>(
    `select version from supabase_migrations.schema_migrations order by version collate "C"`,
  );
  return rows.map(({ version }) => version);
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quotedList = (names: readonly string[]): string => names.map(quoted).join(', ');

/** The statement that gives a table's rows in the order of its key. */
export const copyOutText = ({ name, columns, order }: CatalogTable): string =>
  `copy (select ${quotedList(columns)} from public.${quoted(name)} order by ${quotedList(order)}) to stdout`;

/** Counts and hashes COPY text as it passes by. */
export class RowMeter {
  rows = 0;
  readonly #hash = createHash('sha256');

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    // A line feed within a value is written as two characters, so each one ends a row.
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) this.rows += 1;
  }

  /** SHA-256 in hex; once, after the last row. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}

const batchBytes = 65_536;

/** The driver hands on every row by itself; gathered, they cost a tenth. */
export async function* inBatches(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    if (size < batchBytes) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
