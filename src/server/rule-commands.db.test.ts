import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { silentLog } from '../../tests/flow-house.ts';
import { ManualClock } from '../../tests/manual-clock.ts';
import { noon } from '../services/accounts/fleet.fixture.ts';
import { addSpender, readAt, slotMs } from '../services/alerts/conditions.fixture.ts';
import { commands } from './commands.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type Deps } from './house.ts';

let store: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  store = await testDatabase();
  const house = buildHouse(parseConfig({}, false), store.database, silentLog, null);
  deps = { ...house, clock: new ManualClock(noon) };
  const { sql } = store.database;
  const nos = [
    await addSpender(sql, 'act_1', noon, { vendor: 'North' }),
    await addSpender(sql, 'act_2', noon, { vendor: 'South' }),
  ];
  // A fifth of the cap is left in each; the second one has a slot less.
  for (const no of nos)
    for (let back = 6; back >= no; back--)
      await readAt(sql, no, noon - back * slotMs, { spend: 100, amountSpent: 800_000 });
});
afterAll(() => store.drop());

const tool = (name: string, words: string[] = [], options = {}) =>
  commands[name]!.run(deps, { words, options, readInput: async () => '' });

test('every kind is listed with its defaults, what was tuned below it', async () => {
  await tool('rule set', ['funds_low'], { vendor: 'North', threshold: ['hours=3', 'floor=40.5'] });
  await tool('rule set', ['funds_low'], { account: 'act_2', state: 'off', severity: 'critical' });
  const lines = (await tool('rule list')) as { kind: string }[];
  expect(lines.filter(({ kind }) => kind === 'funds_low')).toEqual([
    {
      ...{ kind: 'funds_low', scope: 'default', state: 'on', severity: 'warning' },
      ...{ thresholds: 'hours=6 percent=10 floor=25 after=2', by: null },
    },
    {
      ...{ kind: 'funds_low', scope: 'North', state: null, severity: null },
      ...{ thresholds: 'floor=40.5 hours=3', by: 'operator' },
    },
    {
      ...{ kind: 'funds_low', scope: 'act_2', state: 'off', severity: 'critical' },
      ...{ thresholds: '', by: 'operator' },
    },
  ]);
  await tool('rule set', ['funds_low'], { account: 'act_2', state: 'default', severity: 'default' });
  expect(((await tool('rule list')) as object[]).length).toBe(lines.length - 1);
});

test('a setting is tried on the past without being set', async () => {
  const wish = { threshold: ['percent=20', 'hours=0'], days: '1' };
  expect(await tool('rule backtest', ['funds_low'], wish)).toMatchObject([
    {
      ...{ kind: 'funds_low', accounts: 2, firings: 2, unjudged: 0 },
      by_account: [
        { accountId: 'act_1', vendor: 'North', firings: 1 },
        { accountId: 'act_2', vendor: 'South', firings: 1 },
      ],
      first: [
        { at: '2026-11-24T11:35:00.000Z', accountId: 'act_1' },
        { at: '2026-11-24T11:35:00.000Z', accountId: 'act_2' },
      ],
    },
  ]);
  const south = await tool('rule backtest', ['funds_low'], { ...wish, vendor: 'South' });
  expect(south).toMatchObject([{ accounts: 1, firings: 1, judged: 5 }]);
  const off = await tool('rule backtest', ['funds_low'], { ...wish, state: 'off' });
  expect(off).toMatchObject([{ firings: 0 }]);
});

test.each([
  ['rule set', [], {}, /Name the kind of alert: account_suspended/],
  ['rule set', ['funds_low'], {}, /Say what to tune/],
  ['rule set', ['funds_low'], { state: 'maybe' }, /--state is one of on, off, default/],
  ['rule set', ['funds_low'], { threshold: ['hours'] }, /"hours" is no threshold: write it like/],
  ['rule set', ['funds_low'], { threshold: ['hours=x'] }, /"hours=x" is no threshold/],
  ['rule set', ['funds_low'], { threshold: ['hours=-1'] }, /from 0 to 720/],
  ['rule backtest', ['funds_low'], { days: '31' }, /ask for 1 to 30/],
  ['rule backtest', ['funds_low'], { days: 'x' }, /ask for 1 to 30/],
  ['rule backtest', ['token_dead'], {}, /about connections/],
  ['rule backtest', ['funds_low'], { vendor: 'East' }, /no vendor "East"/],
] as const)('%s %j %j says what to do instead', async (name, words, options, problem) => {
  await expect(tool(name, [...words], options)).rejects.toThrow(problem);
});
