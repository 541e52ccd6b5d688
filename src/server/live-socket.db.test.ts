import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../tests/members-house.ts';
import { addMember } from '../services/members/add-member.ts';
import { changeRole } from '../services/members/change-role.ts';
import { disableMember } from '../services/members/disable-member.ts';
import { endOwnSessions, readOwnSessions, endOwnSession } from '../services/members/own-sessions.ts';
import { signInWithPassword } from '../services/members/sign-in.ts';
import { endSession } from '../services/members/sign-out.ts';
import { type LiveSocket, openLiveSocket } from './live-socket.ts';

/** Two processes' worth of live lines on one database; what changes is changed at the first, the lines stand at the second. */

const jane = { role: 'analyst', name: 'jane@agency.example' } as const;
const joe = { role: 'viewer', name: 'joe@agency.example' } as const;
let db: TestDatabase;
let house: MembersHouse;
let live: LiveSocket;
let server: Server;
const open: WebSocket[] = [];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  for (const { name, role } of [jane, joe]) await addMember(house, operator, { email: name, role, password });
  live = await openLiveSocket({ ...house, database: db.connect() });
  server = createServer();
  server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  await live.close();
  server.close();
});

interface Line {
  token: string;
  /** The code that the line was closed with, once it was. */
  closed: Promise<number>;
  isOpen(): boolean;
}

async function lineOf(email: string): Promise<Line> {
  const result = await signInWithPassword(house, { email, password, address: '192.0.2.1' });
  if (result.outcome !== 'in') throw new Error(result.outcome);
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, {
    headers: { cookie: `arbhub=${result.token}`, origin: 'http://localhost:3000' },
  });
  open.push(socket);
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'message');
  return { token: result.token, closed, isOpen: () => socket.readyState === WebSocket.OPEN };
}

// The beat, which asks too, comes after twenty seconds: what closes sooner was told.
const soonMs = 5_000;
const soon = (line: Line) =>
  Promise.race([line.closed, new Promise((resolve) => setTimeout(resolve, soonMs, 'still open').unref())]);

test.each([
  ['a new role', () => changeRole(house, operator, { email: jane.name, role: 'viewer' })],
  ['being shut out', () => disableMember(house, operator, { email: jane.name })],
  ['“sign out everywhere”', () => endOwnSessions(house, jane)],
])('%s closes every line of the member at once, and nobody else’s', async (_, change) => {
  const [one, two, his] = [await lineOf(jane.name), await lineOf(jane.name), await lineOf(joe.name)];
  await change();
  expect([await soon(one), await soon(two)]).toEqual([4401, 4401]);
  expect(his.isOpen()).toBe(true);
});

test('a session that ends takes its own line along, and no other of the member', async () => {
  const [one, two] = [await lineOf(jane.name), await lineOf(jane.name)];
  await endSession(house, one.token);
  expect(await soon(one)).toBe(4401);
  expect(two.isOpen()).toBe(true);
  const three = await lineOf(jane.name);
  const other = (await readOwnSessions(house, jane, three.token)).find(({ isThis }) => !isThis)!;
  await endOwnSession(house, jane, other);
  expect(await soon(two)).toBe(4401);
  expect(three.isOpen()).toBe(true);
});

test('nobody opens a line with a session that has ended', async () => {
  const line = await lineOf(jane.name);
  await endSession(house, line.token);
  const { port } = server.address() as AddressInfo;
  const again = new WebSocket(`ws://127.0.0.1:${port}/api/live`, {
    headers: { cookie: `arbhub=${line.token}`, origin: 'http://localhost:3000' },
  });
  // Ending it before it stands is an error, too.
  again.on('error', () => {});
  const [, response] = (await once(again, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(401);
  again.terminate();
});
