import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { SimulationControl } from '../../ports/simulation.ts';
import { manualClock, noon, viewer } from '../accounts/fleet.fixture.ts';
import { readSimulation } from './read-simulation.ts';
import { runScenario } from './run-scenario.ts';
import { setSpeed } from './set-speed.ts';

let store: TestDatabase;
const admin: Actor = { role: 'admin', name: 'ann@example.com' };
let calls: unknown[] = [];
const simulation: SimulationControl = {
  async run(scenario, accountId) {
    calls.push([scenario, accountId]);
    return accountId === 'act_9' ? { problem: 'There is no account 9.' } : { accountIds: ['act_1'] };
  },
  async setSpeed(speed) {
    calls.push(speed);
  },
  status: async () => ({ speed: 1, now: noon, accounts: 30, vendors: [], holding: [] }),
};
const deps = (running: SimulationControl | null = simulation) => ({
  ...{ database: store.database, clock: manualClock(), simulation: running },
});
const audits = () => store.database.sql`select action, detail from audit_log order by id`;

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(async () => {
  calls = [];
  await store.database.sql`delete from audit_log`;
});

test('a scenario runs on the account that is named, or on one that the simulation chooses', async () => {
  await runScenario(deps(), admin, { scenario: 'suspend_one', account: 'act_1' });
  expect(await runScenario(deps(), admin, { scenario: 'outage' })).toMatchObject({ isDone: true });
  expect(calls).toEqual([
    ['suspend_one', 'act_1'],
    ['outage', null],
  ]);
  expect(await audits()).toMatchObject([
    { action: 'simulation.run', detail: { scenario: 'suspend_one', accountIds: ['act_1'] } },
    { action: 'simulation.run' },
  ]);
});

test('what the simulation refuses, a wrong speed and no simulation are told, and nothing is written down', async () => {
  const problem = (words: RegExp) => ({ isDone: false, problem: expect.stringMatching(words) as string });
  const run = (account: string) => runScenario(deps(), admin, { scenario: 'cut_limit', account });
  expect(await run('act_9')).toEqual(problem(/no account 9/));
  expect(await run('9')).toEqual(problem(/act_1234567890/));
  expect(await setSpeed(deps(), admin, 3)).toEqual(problem(/one of 1, 2, 10, 60/));
  expect(await runScenario(deps(null), admin, { scenario: 'outage' })).toEqual(problem(/No simulated Meta/));
  expect(await readSimulation(deps(null), admin)).toBeNull();
  expect(await audits()).toEqual([]);
});

test('its time passes faster, and that is written down', async () => {
  expect(await setSpeed(deps(), admin, 10)).toMatchObject({ isDone: true });
  expect(calls).toEqual([10]);
  expect(await audits()).toEqual([{ action: 'simulation.speed', detail: { speed: 10 } }]);
});

test('the simulation is for admins', async () => {
  for (const by of [viewer, { role: 'analyst', name: 'lee' } as const]) {
    const refused = { refusal: 'forbidden' };
    await expect(runScenario(deps(), by, { scenario: 'outage' })).rejects.toMatchObject(refused);
    await expect(setSpeed(deps(), by, 2)).rejects.toMatchObject(refused);
    await expect(readSimulation(deps(), by)).rejects.toMatchObject(refused);
  }
  expect(calls).toEqual([]);
});
