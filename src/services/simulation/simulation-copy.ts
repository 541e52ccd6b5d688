import { randomUUID } from 'node:crypto';
import type { Archive } from '../../ports/archive.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  accountTables,
  alertTables,
  listAccountNos,
  listOwnAlerts,
  readRowsOf,
  type EndCopy,
  type SimulationEnd,
} from '../../store/simulation-end.ts';
import { readPacked, sendPacked } from '../upkeep/packed-text.ts';

/** A simulation's rows as JSON lines, `{"table":"latest","row":{…}}`; one account or alert is in memory at a time. */
async function* linesOf(
  sql: Sql,
  { connectionId, name, endedAt }: SimulationEnd,
  rows: Record<string, number>,
): AsyncGenerator<string> {
  yield `${JSON.stringify({ format: 1, connection: name, endedAt: new Date(endedAt).toISOString() })}\n`;
  const parts = [
    { ids: await listOwnAlerts(sql, connectionId), tables: alertTables },
    { ids: await listAccountNos(sql, connectionId), tables: accountTables },
  ];
  // What belongs to an alert and to an account is told once.
  const told = new Set<string>();
  for (const { ids, tables } of parts)
    for (const id of ids)
      for (const owned of tables) {
        const lines = (await readRowsOf(sql, owned, id))
          .map((row) => `{"table":"${owned.table}","row":${row}}\n`)
          .filter((line) => !told.has(line));
        if (tables === alertTables) for (const line of lines) told.add(line);
        rows[owned.table] = (rows[owned.table] ?? 0) + lines.length;
        if (lines.length > 0) yield lines.join('');
      }
}

/** Copies a simulation's rows into the archive and reads the copy back. Throws when it is not what was sent. */
export async function sendSimulation(
  sql: Sql,
  end: SimulationEnd,
  archive: Archive,
  signal: AbortSignal,
): Promise<EndCopy> {
  const day = new Date(end.endedAt).toISOString().slice(0, 10).replaceAll('-', '');
  const key = `simulation/${day}-${end.connectionId}-${randomUUID().slice(0, 8)}.jsonl.gz`;
  const rows: Record<string, number> = {};
  const sent = await sendPacked(archive, key, linesOf(sql, end, rows), signal);
  const found = await readPacked(archive, key, signal);
  if (found?.textSha256 !== sent) throw new Error('The copy was read back otherwise than it was written.');
  return { ...found, key, rows };
}

/** What is wrong with a copy by now; null = nothing. Throws only when `signal` aborts. */
export async function checkSimulation(
  archive: Archive,
  { key, sha256, textSha256 }: EndCopy,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const found = await readPacked(archive, key, signal);
    if (found === null) return `there is no copy ${key}`;
    return found.sha256 === sha256 && found.textSha256 === textSha256 ? null : `the copy ${key} was changed`;
  } catch (error) {
    signal.throwIfAborted();
    return `the copy ${key} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
