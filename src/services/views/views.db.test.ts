import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { firstPrefs } from '../../contract/board-view.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addMember } from '../members/add-member.ts';
import { disableMember } from '../members/disable-member.ts';
import { keepPrefs, readOwnBoard } from './read-own-board.ts';
import { removeView, saveView } from './save-view.ts';

const mara: Actor = { role: 'viewer', name: 'mara@agency.example' };
const jon: Actor = { role: 'viewer', name: 'jon@agency.example' };
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await db.database.sql`truncate saved_views, board_prefs`;
  await house.empty();
  for (const { name } of [mara, jon])
    await addMember(house, operator, { email: name, role: 'viewer', password });
});

const beta = { name: 'Beta in the table', search: '?vendor=Agency+Beta&view=table' };

test('a view is saved for its own member, renewed under the same name, and removed', async () => {
  expect(await saveView(house, mara, { ...beta, name: `  ${beta.name} ` })).toEqual({
    isDone: true,
    value: [beta],
  });
  const renewed = { ...beta, search: '?state=active' };
  expect(await saveView(house, mara, renewed)).toEqual({ isDone: true, value: [renewed] });
  expect((await readOwnBoard(house, jon)).views).toEqual([]);
  await removeView(house, jon, beta.name);
  expect((await readOwnBoard(house, mara)).views).toEqual([renewed]);
  expect(await removeView(house, mara, beta.name)).toEqual({ isDone: true, value: [] });
  expect(await removeView(house, mara, beta.name)).toMatchObject({ isDone: true });
});

test.each<[string, unknown]>([
  ['an empty name', { ...beta, name: '   ' }],
  ['a name of 41 characters', { ...beta, name: 'x'.repeat(41) }],
  ['a name with a line break', { ...beta, name: 'a\nb' }],
  ['an address elsewhere', { ...beta, search: 'https://elsewhere.example' }],
  ['an endless address', { ...beta, search: `?q=${'x'.repeat(1000)}` }],
  ['nothing', null],
])('%s is refused in words', async (_words, wish) => {
  expect(await saveView(house, mara, wish)).toEqual({ isDone: false, problem: expect.any(String) });
  expect((await readOwnBoard(house, mara)).views).toEqual([]);
});

test('there is room for 30, and a known name can still be renewed', async () => {
  for (let n = 1; n <= 30; n++) await saveView(house, mara, { name: `View ${n}`, search: '' });
  expect(await saveView(house, mara, beta)).toMatchObject({ isDone: false, problem: /30/ });
  expect(await saveView(house, mara, { name: 'View 7', search: '?q=x' })).toMatchObject({ isDone: true });
  expect((await readOwnBoard(house, mara)).views).toHaveLength(30);
});

test('what was used last is kept for each member', async () => {
  expect((await readOwnBoard(house, mara)).prefs).toEqual(firstPrefs);
  const used = { view: 'table', columns: ['spend', 'limit-at'], rowHeight: 40, currency: 'EUR' } as const;
  expect(await keepPrefs(house, mara, used)).toMatchObject({ isDone: true });
  expect((await readOwnBoard(house, mara)).prefs).toEqual(used);
  expect((await readOwnBoard(house, jon)).prefs).toEqual(firstPrefs);
  for (const wrong of [{ view: 'list' }, { rowHeight: 33 }, { currency: 'usd' }, { columns: ['<b>'] }])
    expect(await keepPrefs(house, mara, { ...used, ...wrong })).toMatchObject({ isDone: false });
  expect((await readOwnBoard(house, mara)).prefs).toEqual(used);
});

test('a program, and a member who was shut out, have nothing of their own', async () => {
  await saveView(house, mara, beta);
  await disableMember(house, operator, { email: mara.name });
  for (const actor of [mara, { role: 'viewer', name: 'api-key:environment' } as const]) {
    expect(await saveView(house, actor, beta)).toMatchObject({ isDone: false });
    expect(await removeView(house, actor, beta.name)).toMatchObject({ isDone: false });
    await keepPrefs(house, actor, { ...firstPrefs, view: 'table' });
    expect(await readOwnBoard(house, actor)).toMatchObject({ views: [], prefs: firstPrefs });
  }
});
