import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Shelf } from '../../ports/archive.ts';
import { isObjectKey, requireObjectKey } from './object-key.ts';

const unfinished = /^\..+\.part$/;
const unfinishedKeptMs = 86_400_000;

/** An archive in a directory, made with the first object. Only its owner may read it. */
export function diskArchive(root: string): Shelf {
  const base = path.resolve(root);
  const fileOf = (key: string): string => {
    requireObjectKey(key);
    return path.join(base, ...key.split('/'));
  };
  return {
    place: base,
    async put(key, bytes, signal) {
      const file = fileOf(key);
      const folder = path.dirname(file);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await requireInside(base, folder);
      const draft = path.join(folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}.part`);
      try {
        await writeDurably(draft, bytes, signal);
        await rename(draft, file);
        await syncFolders(base, folder);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
      await sweepUnfinished(folder, file);
    },
    async get(key, signal) {
      const file = fileOf(key);
      const found = await lstat(file).catch(absent);
      if (found === null) return null;
      if (!found.isFile()) throw new Error(`${file} is not a file.`);
      await requireInside(base, path.dirname(file));
      return createReadStream(file, { signal });
    },
    async list() {
      const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(absent);
      const files = (entries ?? []).filter((entry) => entry.isFile());
      const found = files.map((entry) => path.join(entry.parentPath, entry.name));
      const objects = await Promise.all(
        found.map(async (file) => ({
          key: path.relative(base, file).split(path.sep).join('/'),
          bytes: (await stat(file)).size,
        })),
      );
      return objects.filter(({ key }) => isObjectKey(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async remove(key) {
      await rm(fileOf(key), { force: true });
    },
  };
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** A link within the archive must not lead what is written or read somewhere else. */
async function requireInside(base: string, folder: string): Promise<void> {
  const [top, place] = await Promise.all([realpath(base), realpath(folder)]);
  if (place !== top && !place.startsWith(top + path.sep)) throw new Error(`${folder} leads out of ${base}.`);
}

async function writeDurably(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      await handle.writeFile(chunk);
    }
    signal.throwIfAborted();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name is on disk only when its directory is; the directories above may be new too. */
async function syncFolders(base: string, folder: string): Promise<void> {
  // Windows knows no such thing.
  if (process.platform === 'win32') return;
  for (let place = folder; place.startsWith(base); place = path.dirname(place)) {
    const handle = await open(place, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

/** Takes away what killed writers left in the folder a day or more before `file` was written. */
async function sweepUnfinished(folder: string, file: string): Promise<void> {
  const { mtimeMs } = await stat(file);
  for (const name of (await readdir(folder)).filter((entry) => unfinished.test(entry))) {
    const draft = path.join(folder, name);
    const found = await stat(draft).catch(absent);
    if (found !== null && mtimeMs - found.mtimeMs > unfinishedKeptMs) await rm(draft, { force: true });
  }
}
