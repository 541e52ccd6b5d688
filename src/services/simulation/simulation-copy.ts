import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
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
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const text of linesOf(sql, end, rows)) {
      const bytes = Buffer.from(text);
      hash.update(bytes);
      yield bytes;
    }
  }
  const gzip = createGzip();
  const feeding = pipeline(Readable.from(hashed()), gzip, { signal });
  try {
    await Promise.all([feeding, archive.put(key, gzip, signal)]);
  } finally {
    gzip.destroy();
    await feeding.catch(() => {});
  }
  const sent = hash.digest('hex');
  const found = await readSimulation(archive, key, signal);
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
    const found = await readSimulation(archive, key, signal);
    if (found === null) return `there is no copy ${key}`;
    return found.sha256 === sha256 && found.textSha256 === textSha256 ? null : `the copy ${key} was changed`;
  } catch (error) {
    signal.throwIfAborted();
    return `the copy ${key} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function readSimulation(
  archive: Archive,
  key: string,
  signal: AbortSignal,
): Promise<Pick<EndCopy, 'bytes' | 'sha256' | 'textSha256'> | null> {
  const source = await archive.get(key, signal);
  if (source === null) return null;
  const [objectHash, textHash] = [createHash('sha256'), createHash('sha256')];
  let bytes = 0;
  async function* raw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      objectHash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  await pipeline(raw(source), createGunzip(), async (text: AsyncIterable<Buffer>) => {
    for await (const chunk of text) textHash.update(chunk);
  });
  return { bytes, sha256: objectHash.digest('hex'), textSha256: textHash.digest('hex') };
}
