import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertMessage, Channel } from '../../src/ports/channel.ts';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { graphHouse, minuteMs, type GraphHouse } from '../graph-house.ts';

/** Mass events: however many accounts go down at once, and by whichever page, connection or process it is seen. */

const startAt = Date.parse('2026-11-24T15:00:05Z');
const channels = ['ops', 'night', 'boss'];

let house: GraphHouse;
let heard: (AlertMessage & { channel: string })[];
afterEach(() => house.close());
beforeEach(() => {
  heard = [];
});

/** A house whose first sweep has seen all accounts well, through so many connections. */
async function open(accounts: number, connections: number): Promise<void> {
  house = await graphHouse({ startAt, accounts });
  for (let n = 1; n <= connections; n++) await house.add(`token ${n}`, `sim-${n}-of-${connections}`);
  for (const name of channels) await house.rows`insert into channels (kind, name) values ('slack', ${name})`;
  await house.sweep();
  await send();
  heard.length = 0;
  // What the simulator has down from the start is no news.
  await house.rows`truncate alerts, deliveries cascade`;
}

const recorder = (channel: string): Channel => ({
  spacingMs: 0,
  send: (message) => {
    heard.push({ ...message, channel });
    return Promise.resolve({ outcome: 'sent' });
  },
});

async function send(): Promise<void> {
  await sendAlerts({
    ...{ database: house.deps.database, clock: house.clock, log: house.deps.log, owner: 'sender' },
    random: () => 0.5,
    linkOf: () => Promise.resolve(null),
    openChannel: ({ name }) => Promise.resolve(recorder(name)),
  });
}

/** The accounts of the alerts that were told, each as often as it is named. */
async function namedByTold(): Promise<string[]> {
  const rows = await house.rows<{ id: string }>`
    select a.account_id as id from alerts al join alert_accounts x on x.alert_id = al.id
      join accounts a on a.no = x.account_no
    where al.kind = 'account_suspended' and exists (
      select from deliveries d where d.alert_id = al.id and d.state = 'sent' and d.purpose = 'opened')
    order by 1`;
  return rows.map(({ id }) => id);
}

const suspend = async (count: number): Promise<string[]> =>
  (await house.scenario({ kind: 'ban_wave', count })).sort();

/** One message to each channel that counts all of these, and no account left out. */
async function expectOneWave(banned: readonly string[]): Promise<void> {
  expect(heard.map(({ channel }) => channel).sort()).toEqual([...channels].sort());
  for (const { title, purpose } of heard) {
    expect(title).toBe(`${banned.length} accounts: account suspended`);
    expect(purpose).toBe('opened');
  }
  expect(await namedByTold()).toEqual(banned);
  expect(await house.rows`select id from deliveries where state not in ('sent', 'digested')`).toEqual([]);
}

test.each([
  [11, 60, 1],
  [50, 260, 1],
  [500, 1020, 1],
  [50, 260, 5],
  [500, 1020, 4],
])('%d of %d accounts at once, through %d connections', async (count, accounts, connections) => {
  await open(accounts, connections);
  const banned = await suspend(count);
  expect(banned).toHaveLength(count);
  await house.advance(minuteMs);
  const startedMs = performance.now();
  expect(await house.sweep()).toMatchObject({ outcome: 'ran' });
  await send();
  console.log(
    `${count} of ${accounts} through ${connections}: ${heard.length} messages to ${channels.length} channels, ` +
      `${(await namedByTold()).length} accounts named, ${Math.round(performance.now() - startedMs)} ms`,
  );
  await expectOneWave(banned);
  await house.advance(1000);
  await send();
  expect(heard).toHaveLength(channels.length);
});

test('ten at once are ten messages', async () => {
  await open(120, 3);
  const banned = await suspend(10);
  await house.advance(minuteMs);
  await house.sweep();
  await send();
  expect(heard).toHaveLength(10 * channels.length);
  expect(await namedByTold()).toEqual(banned);
});

test('a wave that comes while another process shares the cycle and sends', async () => {
  await open(420, 6);
  const banned = await suspend(90);
  await house.advance(minuteMs);
  const second = house.secondProcess();
  const outcomes = await Promise.all([house.sweep(), sweepStatus(second), send(), send()]);
  expect(outcomes.slice(0, 2).map((said) => (said as { outcome: string }).outcome)).toContain('ran');
  await Promise.all([send(), send()]);
  await expectOneWave(banned);
});

test('each cycle has a message of its own, and names only what is new', async () => {
  await open(260, 3);
  const told: string[] = [];
  for (const count of [11, 40, 60]) {
    heard.length = 0;
    const banned = (await suspend(count)).filter((id) => !told.includes(id));
    await house.advance(minuteMs);
    await house.sweep();
    await send();
    expect(heard).toHaveLength(channels.length);
    expect(heard[0]?.title).toBe(`${banned.length} accounts: account suspended`);
    told.push(...banned);
    expect(await namedByTold()).toEqual([...told].sort());
  }
});
