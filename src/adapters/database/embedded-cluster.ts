import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run } from './embedded-command.ts';
import { giveTo, type Place } from './embedded-place.ts';

export const superuser = 'postgres';
export const socketPort = 5432;
const settingsFile = 'arbhub.conf';
const isWindows = process.platform === 'win32';

const settings: Record<string, string> = {
  fsync: 'on',
  shared_buffers: '64MB',
  max_connections: '60',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  // Parallel queries need more of /dev/shm than a container grants.
  max_parallel_workers_per_gather: '0',
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_checkpoints: 'off',
  // The detail of an error quotes the row.
  log_error_verbosity: 'terse',
};

/** Makes the data directory unless there is one. Parallel makers each make a whole one and the first to name it wins. */
export async function ensureCluster(place: Place): Promise<void> {
  if (await stat(join(place.cluster, 'PG_VERSION')).catch(() => undefined)) return;
  await sweepDrafts(place.dataDir);
  const draft = `${place.cluster}.new-${process.pid}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await giveTo(draft, place.account);
    await initialize(place, draft);
    await writeFile(join(draft, 'postgresql.conf'), `\ninclude_if_exists = '${settingsFile}'\n`, {
      flag: 'a',
    });
    await rename(draft, place.cluster).catch(async (error: unknown) => {
      if (!(await stat(join(place.cluster, 'PG_VERSION')).catch(() => undefined))) throw error;
    });
    if (!isWindows) await syncDirectory(place.dataDir);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Written before each start: a directory that was moved has another socket. */
export async function writeSettings(place: Place, overrides: Record<string, string>): Promise<void> {
  const reach: Record<string, string> = isWindows
    ? { listen_addresses: '127.0.0.1', port: String(await freePort()) }
    : {
        listen_addresses: '',
        unix_socket_directories: place.socketDirectory,
        unix_socket_permissions: '0700',
        port: String(socketPort),
      };
  const lines = Object.entries({ ...settings, ...reach, ...overrides }).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
  );
  const path = join(place.cluster, settingsFile);
  // Starters of one process too may be at it at the same moment.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
    await giveTo(draft, place.account);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw explain(`The embedded database in ${place.dataDir} did not start`, String(error));
  }
}

async function initialize(place: Place, directory: string): Promise<void> {
  const access = isWindows
    ? ['--auth=scram-sha-256', `--pwfile=${await ensurePassword(place)}`]
    : ['--auth=trust'];
  let outcome = { isDone: false, text: '' };
  for (const locale of isWindows ? ['C'] : ['C.UTF-8', 'C']) {
    const args = ['-D', directory, '-U', superuser, '-E', 'UTF8', `--locale=${locale}`, ...access];
    outcome = await run(place.binaries.initdb, args, place.account);
    if (outcome.isDone || !outcome.text.includes('locale')) break;
  }
  if (!outcome.isDone)
    throw explain(`The embedded database could not be made in ${place.dataDir}`, outcome.text);
}

async function ensurePassword(place: Place): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  await writeFile(place.passwordFile, password, { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
  return place.passwordFile;
}

/** Undefined where the socket's directory is the protection. */
export async function readPassword(place: Place): Promise<string | undefined> {
  return isWindows ? (await readFile(place.passwordFile, 'utf8')).trim() : undefined;
}

async function sweepDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const pid = Number(/\.new-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
  }
}

/** Whether any process has this id; that of another user counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** An error in the operator's words, with the server's own after it. */
export function explain(what: string, said: string): Error {
  const tail = said.split('\n').slice(-12).join('\n');
  if (/No space left on device|Disk quota exceeded/i.test(said)) {
    return new Error(`${what}: the disk is full. Free some space and start again; nothing is lost.\n${tail}`);
  }
  if (/Read-only file system/i.test(said)) return new Error(`${what}: the disk is read-only.\n${tail}`);
  if (/Input\/output error|could not read block/i.test(said)) {
    return new Error(`${what}: the disk has read errors. Check it before you start again.\n${tail}`);
  }
  return new Error(`${what}. The server said:\n${tail}`);
}
