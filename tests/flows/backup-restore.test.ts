import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded } from '../../src/adapters/database/embedded.ts';
import { silentLog } from '../flow-house.ts';
import { runArbhub } from './arbhub-process.ts';

/** A backup as an operator makes it, and the way back into a data directory that is empty. */

let first: string;
let second: string;
beforeAll(async () => {
  [first, second] = await Promise.all([
    mkdtemp(path.join(tmpdir(), 'arbhub-backup-')),
    mkdtemp(path.join(tmpdir(), 'arbhub-restore-')),
  ]);
});
afterAll(() => Promise.all([first, second].map((folder) => rm(folder, { recursive: true, force: true }))));

const arbhub = (dataDir: string, words: string[], input = '') =>
  runArbhub(words, { env: { ARBHUB_DATA_DIR: dataDir }, input });

test('what was backed up comes back elsewhere, while nobody else uses the place', async () => {
  // Somebody in it keeps the database from stopping and starting between two commands.
  const guest = await startEmbedded({ dataDir: first, holder: 'guest', log: silentLog });
  const added = await arbhub(
    first,
    ['user', 'add', '--email', 'owner@example.com', '--role', 'admin'],
    'a board for tired people\n',
  );
  expect(added.code, added.output).toBe(0);
  expect((await arbhub(first, ['backup'])).code).toBe(0);
  await guest.stop();
  const [name = ''] = (await readdir(path.join(first, 'backups'))).filter((file) => file.endsWith('.sql.gz'));
  const file = path.join(first, 'backups', name);

  const held = await startEmbedded({ dataDir: second, holder: 'product', log: silentLog });
  const refused = await arbhub(second, ['restore', file, '--into-empty']).finally(() => held.stop());
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringMatching(/already runs on .*process \d+\)\. Stop it first/) as string,
  ]);

  const restored = await arbhub(second, ['restore', file, '--into-empty']);
  expect(restored.code, restored.output).toBe(0);
  const listed = await arbhub(second, ['user', 'list']);
  expect(listed.output).toContain('owner@example.com');

  const again = await arbhub(second, ['restore', file, '--into-empty']);
  expect([again.code, again.output]).toEqual([1, expect.stringMatching(/not empty/) as string]);
});
