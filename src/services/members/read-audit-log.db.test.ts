import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { insertAudit } from '../../store/members.ts';
import { readConnections } from '../connections/read-connections.ts';
import { readSystem } from '../upkeep/read-system.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { readAuditLog } from './read-audit-log.ts';
import { readMembers } from './read-members.ts';

let db: TestDatabase;
let house: MembersHouse;
const all = { before: null, actor: null, action: null };

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await db.database.sql`delete from audit_log`;
});

test.each(['viewer', 'analyst'] as const)('no admin page is read by a %s', async (role) => {
  const actor = { role, name: 'mara@agency.example' };
  const deps = { ...house, config: { ...house.config, meta: { version: 'v26.0' } } };
  for (const read of [
    readMembers(deps, actor),
    readAuditLog(deps, actor, all),
    readConnections(deps, actor),
    readSystem(deps, actor),
  ])
    await expect(read).rejects.toThrow();
  await expect(readSystem(deps, operator)).resolves.toMatchObject({ deliveries: { due: 0 } });
});

test('the log is read newest first, by who and by what, a page at a time, and holds no password', async () => {
  await addMember(house, operator, { email: 'mara@agency.example', role: 'viewer', password });
  await changeRole(house, operator, { email: 'mara@agency.example', role: 'analyst' });
  const { lines, actors, older } = await readAuditLog(house, operator, all);
  expect(lines.map(({ action, facts }) => [action, facts])).toEqual([
    [
      'member.role_changed',
      [
        { name: 'to', value: 'analyst' },
        { name: 'from', value: 'viewer' },
        { name: 'email', value: 'mara@agency.example' },
      ],
    ],
    [
      'member.added',
      [
        { name: 'role', value: 'viewer' },
        { name: 'email', value: 'mara@agency.example' },
      ],
    ],
  ]);
  expect([actors, older]).toEqual([['operator'], null]);
  for (let n = 0; n < 150; n++)
    await insertAudit(db.database.sql, {
      at: n,
      actor: 'arbhub',
      action: 'connection.paused',
      detail: { n },
    });
  const first = await readAuditLog(house, operator, { ...all, actor: 'arbhub' });
  const second = await readAuditLog(house, operator, { ...all, actor: 'arbhub', before: first.older });
  expect([first.lines.length, second.lines.length, second.older]).toEqual([100, 50, null]);
  expect(new Set([...first.lines, ...second.lines].map(({ id }) => id)).size).toBe(150);
  expect((await readAuditLog(house, operator, { ...all, action: 'member.' })).lines).toHaveLength(2);
});

test('members are listed with what they may do, those who were shut out last', async () => {
  for (const email of ['zoe@agency.example', 'abe@agency.example'])
    await addMember(house, operator, { email, role: 'viewer', password });
  await db.database.sql`update members set disabled_at = now() where email = 'abe@agency.example'`;
  expect((await readMembers(house, operator)).map(({ email, isDisabled }) => [email, isDisabled])).toEqual([
    ['zoe@agency.example', false],
    ['abe@agency.example', true],
  ]);
});
