import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Actor } from '../../domain/permissions.ts';
import { liveChannel } from '../../store/live.ts';
import { addAccount, manualClock, noon, stranger, viewer } from './fleet.fixture.ts';
import { tagAccount } from './tag-account.ts';
import { writeNote } from './write-note.ts';

const analyst: Actor = { role: 'analyst', name: 'analyst@example.com' };
let store: TestDatabase;

beforeAll(async () => {
  store = await testDatabase();
  await addAccount(store.database.sql, { id: 'act_1' });
  await addAccount(store.database.sql, { id: 'act_2', archivedAt: noon - 1000, latest: null });
});
afterAll(() => store.drop());
afterEach(() => store.database.sql`delete from audit_log`);

const deps = () => ({ database: store.database, clock: manualClock() });
const notes = () => store.database.sql`select author, words, written_at as at from notes order by id`;
const tags = async () =>
  (await store.database.sql<{ tag: string }>`select tag from account_tags order by tag`).map(
    ({ tag }) => tag,
  );
const audits = () => store.database.sql`select actor, action, detail from audit_log order by id`;

test('a note is kept with its author and moment, in the audit log, and open screens hear of it', async () => {
  const news: string[] = [];
  const stop = await store.database.listen(
    liveChannel,
    (payload) => news.push(payload),
    () => {},
  );
  const words = '  New landing page,\r\nwatch rejections.  ';
  expect(await writeNote(deps(), analyst, { account: 'act_1', words })).toEqual({ isDone: true });
  expect(await notes()).toEqual([
    { author: 'analyst@example.com', words: 'New landing page,\nwatch rejections.', at: noon },
  ]);
  expect(await audits()).toEqual([
    { actor: 'analyst@example.com', action: 'account.noted', detail: { accountId: 'act_1', noteId: 1 } },
  ]);
  await expect.poll(() => news).toEqual(['{"type":"changed","accountIds":["act_1"]}']);
  await stop();
});

test.each([
  ['', /1 to 2000/],
  ['   \n ', /1 to 2000/],
  ['x'.repeat(2001), /1 to 2000/],
  ['a\u0000b', /letters and line ends/],
])('the note %j is refused with a reason', async (words, reason) => {
  const act = await writeNote(deps(), analyst, { account: 'act_1', words });
  expect(act).toEqual({ isDone: false, problem: expect.stringMatching(reason) });
  expect(await notes()).toHaveLength(1);
  expect(await audits()).toEqual([]);
});

test('tags are lower case, sorted, once each; what is not named goes; the same again leaves no trace', async () => {
  expect(await tagAccount(deps(), analyst, { account: 'act_1', tags: 'US, Finance ,us,' })).toEqual({
    isDone: true,
  });
  expect(await tags()).toEqual(['finance', 'us']);
  await tagAccount(deps(), analyst, { account: 'act_1', tags: ['us', 'finance'] });
  await tagAccount(deps(), analyst, { account: 'act_1', tags: ['us', 'solar'] });
  expect(await tags()).toEqual(['solar', 'us']);
  const actor = 'analyst@example.com';
  expect(await audits()).toEqual([
    { actor, action: 'account.tagged', detail: { accountId: 'act_1', tags: ['finance', 'us'] } },
    { actor, action: 'account.tagged', detail: { accountId: 'act_1', tags: ['solar', 'us'] } },
  ]);
  await tagAccount(deps(), analyst, { account: 'act_1', tags: '' });
  expect(await tags()).toEqual([]);
});

test.each([
  ['<b>', /30 letters/],
  ['x'.repeat(31), /30 letters/],
  [Array.from({ length: 21 }, (_, i) => `t${i}`).join(','), /20 tags/],
])('the tags %j are refused with a reason', async (given, reason) => {
  const act = await tagAccount(deps(), analyst, { account: 'act_1', tags: given });
  expect(act).toEqual({ isDone: false, problem: expect.stringMatching(reason) });
  expect(await tags()).toEqual([]);
});

test('an archived account can be written about, one that is not there cannot', async () => {
  expect(await writeNote(deps(), analyst, { account: 'act_2', words: 'given back' })).toEqual({
    isDone: true,
  });
  const problem = 'There is no account act_9.';
  expect(await writeNote(deps(), analyst, { account: 'act_9', words: 'x' })).toEqual({
    isDone: false,
    problem,
  });
  expect(await tagAccount(deps(), analyst, { account: 'act_9', tags: 'x' })).toEqual({
    isDone: false,
    problem,
  });
});

test.each([viewer, stranger])('a $role may neither note nor tag', async (actor) => {
  const refused = { refusal: 'forbidden' };
  await expect(writeNote(deps(), actor, { account: 'act_1', words: 'x' })).rejects.toMatchObject(refused);
  await expect(tagAccount(deps(), actor, { account: 'act_1', tags: 'x' })).rejects.toMatchObject(refused);
});
