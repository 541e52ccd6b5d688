import type { Sql } from '../../ports/sql.ts';
import { insertCopiedRows, listColumns, type DayCopy } from '../../store/archive.ts';
import type { ArchiveDeps } from './archive-deps.ts';
import { difference, readCopy } from './day-copy.ts';

/**
 * Puts a copy's rows into a table; rows that are there stay as they are. Answers how many were new. Throws when the copy is not
 * what the books say, or holds a column that the table no longer has: the caller's transaction then takes everything back.
 */
export async function fillFromCopy(
  { archive, signal }: Pick<ArchiveDeps, 'archive' | 'signal'>,
  sql: Sql,
  table: string,
  copy: DayCopy,
): Promise<number> {
  const names = copy.columns.map(({ name }) => name);
  const present = new Set((await listColumns(sql, table)).map(({ name }) => name));
  const gone = names.filter((name) => !present.has(name));
  if (gone.length > 0) throw new Error(`The table has no column ${gone.join(', ')} any more.`);
  let added = 0;
  if (copy.object === null) throw new Error('There is no copy.');
  const found = await readCopy(archive, copy.object.key, signal, async (rows) => {
    const objects = rows.map((row) => Object.fromEntries(names.map((name, n) => [name, row[n] ?? null])));
    if (objects.length > 0) added += await insertCopiedRows(sql, table, objects);
  });
  const problem = difference(found, copy);
  if (problem !== null) throw new Error(`${problem}.`);
  return added;
}
