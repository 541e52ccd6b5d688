import type { Sql } from '../ports/sql.ts';

/** Messages since an instant (epoch ms): those that wait to be sent, that are tried again, and that nobody could be told. */
export async function countDeliveries(
  sql: Sql,
  since: number,
): Promise<{ due: number; retrying: number; dead: number }> {
  const [row] = await sql<{ due: number; retrying: number; dead: number }>`
    select count(*) filter (where state in ('pending', 'claimed')) as due, count(*) filter (where state = 'retry') as retrying,
      count(*) filter (where state = 'dead' and created_at >= ${since}) as dead
    from deliveries where state in ('pending', 'claimed', 'retry', 'dead')`;
  return row ?? { due: 0, retrying: 0, dead: 0 };
}

/** The server's version and how much room this database takes. */
export async function readDatabaseSize(sql: Sql): Promise<{ version: string; bytes: number }> {
  const [row] = await sql<{ version: string; bytes: number }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes`;
  if (row === undefined) throw new Error('The database told nothing about itself.');
  return row;
}
