import { createHash } from 'node:crypto';
import { access, chmod, chown, constants, lstat, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findAccount, requireReachable } from './embedded-account.ts';
import { type Binaries, prepareBinaries } from './embedded-binaries.ts';
import type { Account } from './embedded-command.ts';

/** Where one embedded database lives and who runs it. */
export interface Place {
  dataDir: string;
  /** PostgreSQL's own data directory. */
  cluster: string;
  socketDirectory: string;
  passwordFile: string;
  account?: Account;
  binaries: Binaries;
}

/** A socket's whole path must fit into 104 bytes on macOS and 108 on Linux; its name takes 14. */
const longestSocketDirectory = 85;

/** Checks everything about the directory that can be told before a server runs; changes no data. */
export async function preparePlace(directory: string): Promise<Place> {
  const dataDir = resolve(directory);
  const cluster = join(dataDir, 'database');
  const account = await findAccount(cluster);
  await prepareDataDir(dataDir, account);
  await requireOwner(cluster, account);
  const binaries = await prepareBinaries(dataDir, account);
  await requireVersion(cluster, binaries.major);
  return {
    dataDir,
    cluster,
    socketDirectory: await prepareSocketDirectory(dataDir, account),
    passwordFile: join(dataDir, 'database-password'),
    ...(account ? { account } : {}),
    binaries,
  };
}

/** Makes the directory the account's, and everything in it: a copy restored by root belongs to root. */
export async function giveTo(path: string, account: Account | undefined): Promise<void> {
  if (!account) return;
  const entry = await lstat(path);
  if (entry.isDirectory()) for (const name of await readdir(path)) await giveTo(join(path, name), account);
  if (!entry.isSymbolicLink()) await chown(path, account.uid, account.gid);
}

async function prepareDataDir(dataDir: string, account?: Account): Promise<void> {
  try {
    // As root the account needs to pass through, not to look in.
    await mkdir(dataDir, { recursive: true, mode: account ? 0o711 : 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    if (account) await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = code === 'ENOTDIR' || code === 'EEXIST' ? 'is not a directory' : 'cannot be written to';
    throw new Error(
      `The data directory ${dataDir} ${fault} (${code}). Give it to the user that runs ArbHub, ` +
        'or set ARBHUB_DATA_DIR to another place.',
      { cause: error },
    );
  }
  if (account) await requireReachable(dataDir, account);
}

async function requireOwner(cluster: string, account?: Account): Promise<void> {
  const found = await stat(cluster).catch(() => undefined);
  const self = process.getuid?.();
  if (!found || self === undefined) return;
  if (account && found.uid === 0) return giveTo(cluster, account);
  if (found.uid === (account?.uid ?? self)) return;
  throw new Error(
    `The database in ${cluster} belongs to user ${found.uid}, and ArbHub runs as user ${self}. ` +
      `Start ArbHub as its owner, or give the directory away with "chown -R". Nothing was changed.`,
  );
}

async function requireVersion(cluster: string, major: string): Promise<void> {
  const entries = await readdir(cluster).catch(() => []);
  if (entries.length === 0) return;
  const found = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found === undefined) {
    throw new Error(
      `${cluster} is not empty and not a PostgreSQL database. Move it away, or set ARBHUB_DATA_DIR to another place.`,
    );
  }
  if (found.trim() === major) return;
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${found.trim()}, and this ArbHub brings ${major}. ` +
      'Start the ArbHub that made it and dump it, or set ARBHUB_DATA_DIR to another place. Nothing was changed.',
  );
}

async function prepareSocketDirectory(dataDir: string, account?: Account): Promise<string> {
  const near = join(dataDir, 'socket');
  const uid = account?.uid ?? process.getuid?.();
  const hash = createHash('sha256').update(`${uid} ${dataDir}`).digest('hex').slice(0, 16);
  const isShort = Buffer.byteLength(near) <= longestSocketDirectory;
  const directory = isShort ? near : join(tmpdir(), `arbhub-${hash}`);
  await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(directory);
  // In a shared temporary directory somebody else may have made it first, to listen in.
  const isOurs = uid === undefined || found.uid === uid || found.uid === process.getuid?.();
  if (!found.isDirectory() || !isOurs) {
    throw new Error(`${directory} should be ArbHub's own directory but is not. Remove it and start again.`);
  }
  await chmod(directory, 0o700);
  if (account) await chown(directory, account.uid, account.gid);
  return directory;
}
