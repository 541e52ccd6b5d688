import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskArchive } from './disk.ts';

let folder: string;
const { signal } = new AbortController();
const pieces = async function* (...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
};
const shelf = () => diskArchive(path.join(folder, 'archive'));

async function read(key: string): Promise<string | null> {
  const stream = await shelf().get(key, signal);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the archive on disk', () => {
  test('gives back what was put, and replaces it whole', async () => {
    await shelf().put('days/2026/a.csv.gz', pieces('one ', 'two'), signal);
    expect(await read('days/2026/a.csv.gz')).toBe('one two');
    await shelf().put('days/2026/a.csv.gz', pieces('x'), signal);
    expect(await read('days/2026/a.csv.gz')).toBe('x');
    await shelf().put('empty', pieces(), signal);
    expect(await read('empty')).toBe('');
  });

  test('lists keys in order, says null for what is not there, and takes away', async () => {
    expect(await shelf().list(signal)).toEqual([]);
    for (const key of ['b/2', 'b/1', 'a']) await shelf().put(key, pieces(key), signal);
    expect(await shelf().list(signal)).toEqual([
      { key: 'a', bytes: 1 },
      { key: 'b/1', bytes: 3 },
      { key: 'b/2', bytes: 3 },
    ]);
    await shelf().remove('b/1', signal);
    await shelf().remove('b/1', signal);
    expect(await read('b/1')).toBeNull();
    expect(await read('nowhere/at/all')).toBeNull();
  });

  test('only the owner can look in', async () => {
    await shelf().put('days/a', pieces('x'), signal);
    expect((await stat(path.join(folder, 'archive/days/a'))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(folder, 'archive/days'))).mode & 0o777).toBe(0o700);
  });

  test.each([
    '',
    '/a',
    '../a',
    'a/../../b',
    'a//b',
    'a/',
    '.a',
    'a/.b',
    'a\\b',
    'a\0b',
    'a b',
    'C:/a',
    'x'.repeat(501),
  ])('refuses the key %j', async (key) => {
    await expect(shelf().put(key, pieces('x'), signal)).rejects.toThrow('is no key');
    await expect(shelf().get(key, signal)).rejects.toThrow('is no key');
    await expect(shelf().remove(key, signal)).rejects.toThrow('is no key');
    expect(await readdir(folder)).toEqual([]);
  });

  test('refuses a link that leads out', async () => {
    await mkdir(path.join(folder, 'archive'));
    await mkdir(path.join(folder, 'outside'));
    await writeFile(path.join(folder, 'outside/secret'), 'x');
    await symlink(path.join(folder, 'outside'), path.join(folder, 'archive/days'));
    await symlink(path.join(folder, 'outside/secret'), path.join(folder, 'archive/file'));
    await expect(shelf().put('days/a', pieces('x'), signal)).rejects.toThrow('leads out');
    await expect(shelf().get('days/secret', signal)).rejects.toThrow('leads out');
    await expect(shelf().get('file', signal)).rejects.toThrow('not a file');
    expect(await readdir(path.join(folder, 'outside'))).toEqual(['secret']);
  });

  test('a put that fails leaves the old object and no draft', async () => {
    await shelf().put('days/a', pieces('old'), signal);
    const broken = async function* () {
      yield Buffer.from('new');
      throw new Error('the source broke');
    };
    await expect(shelf().put('days/a', broken(), signal)).rejects.toThrow('the source broke');
    const stop = new AbortController();
    const aborted = async function* () {
      yield Buffer.from('new');
      stop.abort();
      yield Buffer.from('er');
    };
    await expect(shelf().put('days/a', aborted(), stop.signal)).rejects.toThrow('abort');
    expect(await read('days/a')).toBe('old');
    expect(await readdir(path.join(folder, 'archive/days'))).toEqual(['a']);
  });

  test('drafts of killed writers are no objects, and go a day later', async () => {
    await shelf().put('a', pieces('x'), signal);
    const draft = path.join(folder, 'archive/.b.0123.part');
    await writeFile(draft, 'half');
    expect(await shelf().list(signal)).toEqual([{ key: 'a', bytes: 1 }]);
    await shelf().put('a', pieces('x'), signal);
    expect(await readdir(path.dirname(draft))).toContain('.b.0123.part');
    const { mtimeMs } = await stat(draft);
    await utimes(draft, mtimeMs / 1000 - 90_000, mtimeMs / 1000 - 90_000);
    await shelf().put('a', pieces('x'), signal);
    expect(await readdir(path.dirname(draft))).toEqual(['a']);
  });
});
