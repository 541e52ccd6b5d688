import { afterEach, expect, test } from 'vitest';
import { isLong } from '../dice.ts';
import { tokenMark } from '../../simulator/token-hash.ts';
import { slotSeconds } from '../../src/store/snapshots.ts';
import { graphHouse, hourMs, minuteMs, type GraphHouse } from '../graph-house.ts';

/**
 * A day with a bad Meta: errors, answers that never come and answers that break off, on three of four tokens. The same day
 * without faults is the measure. `LONG=1 npx vitest run --project integration tests/flows/faulty-day.test.ts` plays 24 hours of it with
 * more accounts and a sweep every minute.
 */

const seed = Number(process.env['SEED'] ?? 20261124);
const accounts = isLong ? 100 : 30;
const hours = isLong ? 24 : Number(process.env['HOURS'] ?? 4);
const dayEveryMs = isLong ? minuteMs : 5 * minuteMs;
const slotMs = 5 * minuteMs;
const lateSlots = 2;
const startAt = Date.parse('2026-11-24T00:00:05Z');
// Long enough for a busy machine: what takes longer is a fault that nobody meant.
const requestTimeoutMs = 400;
const tokens = [1, 2, 3, 4].map((part) => `sim-${part}-of-4`);
const faultless = tokens[3] ?? '';

let house: GraphHouse;
afterEach(() => house.close());

async function open(count: number): Promise<void> {
  house = await graphHouse({ startAt, accounts: count, requestTimeoutMs });
  for (const token of tokens) await house.add(token, token);
  await house.sweep();
}

interface Totals {
  calls: number;
  by_token: Record<string, { requests: number; calls: number }>;
  by_fault: Record<string, number>;
}
const stats = async () => (await house.meta.control('GET', '/stats')).json as unknown as Totals;
const callsOf = ({ by_token }: Totals, token: string) => by_token[tokenMark(token)]?.calls ?? 0;

/** Lives through the time; answers the most calls that one connection made in one minute. */
async function live(ms: number, sweepEveryMs = minuteMs): Promise<number> {
  const end = house.now() + ms;
  const first = Math.ceil(house.now() / sweepEveryMs);
  let mostInOneMinute = 0;
  let before = await stats();
  for (let n = first; n * sweepEveryMs < end; n++) {
    // What the tries waited for has taken the clock along; the next cycle comes at its time all the same.
    await house.moveTo(Math.max(house.now(), n * sweepEveryMs + 5_000));
    const isSlot = (n * sweepEveryMs) % slotMs === 0;
    await Promise.all([house.sweep(), ...(isSlot ? [house.poll()] : [])]);
    const after = await stats();
    for (const token of tokens)
      mostInOneMinute = Math.max(mostInOneMinute, callsOf(after, token) - callsOf(before, token));
    before = after;
  }
  return mostInOneMinute;
}

/** Of the accounts that deliver: how many of a time's slots have a reading in them, or at most two slots later. */
async function filled(
  from: number,
  to: number,
  token?: string,
): Promise<{ share: number; inOwnSlot: number }> {
  const first = slotSeconds(Math.ceil(from / slotMs) * slotMs);
  // What is missing of the last slots may still come.
  const last = slotSeconds((Math.floor((to - 1) / slotMs) - lateSlots) * slotMs);
  const [row] = await house.rows<{ slots: number; own: number; late: number }>`
    with watched as (
      select a.no from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
      where l.state not in ('suspended', 'closing', 'closed') and (${token ?? ''}::text = '' or c.name = ${token ?? ''}::text)
        and not exists (select from transitions t where t.account_no = a.no and t.to_code in (2, 100, 101))),
    wanted as (select no, slot from watched, generate_series(${first}::int, ${last}::int, 300) slot)
    select count(*) as slots,
      count(*) filter (where exists (select from snapshots s where s.account_no = w.no and s.slot = w.slot)) as own,
      count(*) filter (where exists (
        select from snapshots s where s.account_no = w.no and s.slot between w.slot and w.slot + ${(lateSlots * slotMs) / 1000}::int)) as late
    from wanted w`;
  if (row === undefined || row.slots === 0) throw new Error('no account was watched');
  return { share: row.late / row.slots, inOwnSlot: row.own / row.slots };
}

/** What was said to have happened to accounts and never did, by the world itself. */
async function falseAlarms(): Promise<Record<string, number>> {
  const changes = await house.rows<{ id: string; kind: string; code: number | null; at: number }>`
    select a.account_id as id, t.kind, t.to_code as code, t.detected_at as at
    from transitions t join accounts a on a.no = t.account_no where t.kind <> 'discovered'`;
  const alarms = { suspensions: 0, access_lost: 0, token_dead: 0 };
  for (const { id, kind, code, at } of changes) {
    if (kind === 'access_lost') alarms.access_lost += 1;
    if (kind !== 'status_changed') continue;
    const query = `/truth?at=${new Date(at).toISOString()}&account_ids=${id.slice(4)}`;
    const { json } = await house.meta.control('GET', query);
    const [truth] = Object.values(json['accounts'] ?? {});
    if (Number(truth?.['account_status']) !== code) alarms.suspensions += 1;
  }
  const dead = await house.rows`select 1 from alerts where kind in ('token_dead', 'connection_stopped')`;
  alarms.token_dead = dead.length;
  return alarms;
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

test(`a day of faults: ${accounts} accounts, ${hours} h, seed ${seed}`, { timeout: 1_800_000 }, async () => {
  const day: Totals[] = [];
  const most: number[] = [];
  for (const isFaulty of [false, true]) {
    await open(accounts);
    await house.meta.control('POST', '/stats/reset');
    if (isFaulty)
      for (const [n, token] of tokens.slice(0, 3).entries())
        await house.scenario({
          ...{ kind: 'faults', error_rate: 0.3, timeout_rate: 0.05, half_open_rate: 0.02 },
          ...{ token, seed: seed + n },
        });
    const began = performance.now();
    const mostInOneMinute = await live(hours * hourMs, dayEveryMs);
    const took = Math.round((performance.now() - began) / 1000);
    day.push(await stats());
    const read = await filled(startAt, house.now());
    console.log(
      `${isFaulty ? 'faulty' : 'fault-free'} day (${took} s): ${day.at(-1)?.calls} calls, filled in its slot ` +
        `${percent(read.inOwnSlot)}, at most 2 slots late ${percent(read.share)}, most calls of one connection at ` +
        `one go ${mostInOneMinute}, faults ${JSON.stringify(day.at(-1)?.by_fault)}`,
    );
    expect(read.share).toBeGreaterThanOrEqual(0.995);
    const untouched = await filled(startAt, house.now(), faultless);
    expect(untouched).toEqual({ share: 1, inOwnSlot: 1 });
    const alarms = await falseAlarms();
    console.log('false alarms', alarms);
    expect(alarms).toEqual({ suspensions: 0, access_lost: 0, token_dead: 0 });
    // The first cycle, which reads all that there is, is the most that is ever due; what a cycle may try again is counted out.
    most.push(mostInOneMinute);
    expect(mostInOneMinute).toBeLessThanOrEqual(1.6 * (most[0] ?? 0) + 120);
    if (!isFaulty) await house.close();
  }
  const [calm, faulty] = day as [Totals, Totals];
  const ratio = faulty.calls / calm.calls;
  console.log(`calls: ${faulty.calls} against ${calm.calls}, ${ratio.toFixed(3)} times as many`);
  expect(ratio).toBeLessThanOrEqual(1.8);
  expect(callsOf(faulty, faultless)).toBeLessThanOrEqual(callsOf(calm, faultless) * 1.01);
});

test('an hour without Meta: calls fall, and all is read again within one slot of its return', async () => {
  await open(20);
  await live(30 * minuteMs);
  await house.meta.control('POST', '/stats/reset');
  await live(hourMs);
  const usual = await stats();
  await house.scenario({ kind: 'outage' });
  await house.meta.control('POST', '/stats/reset');
  await live(hourMs);
  const during = await stats();
  console.log(`calls in an hour of outage: ${during.calls}, usually ${usual.calls}`);
  expect(during.calls).toBeLessThan(usual.calls);
  await house.scenario({ kind: 'back_to_normal' });
  const back = house.now();
  await live(5 * slotMs);
  const { inOwnSlot } = await filled(back + slotMs, house.now());
  expect(inOwnSlot).toBe(1);
  expect(await falseAlarms()).toEqual({ suspensions: 0, access_lost: 0, token_dead: 0 });
  expect(
    await house.rows`select kind from alerts where kind = 'polling_failing' and resolved_at is null`,
  ).toEqual([]);
});

test('a Meta that hangs for one token keeps nobody else waiting and leaves nothing open', async () => {
  await open(20);
  await live(10 * minuteMs);
  const [hung = ''] = tokens;
  await house.scenario({ kind: 'outage', mode: 'hang', token: hung });
  const from = house.now();
  await live(20 * minuteMs);
  for (const token of tokens.slice(1))
    expect([token, await filled(from, house.now(), token)]).toEqual([token, { share: 1, inOwnSlot: 1 }]);
  expect((await filled(from, house.now(), hung)).inOwnSlot).toBe(0);
  const claimed =
    await house.rows`select 1 from shards where finished_at is null and lease_until is not null`;
  expect(claimed).toEqual([]);
  const { length } = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout');
  expect(length).toBeLessThan(30);
  await house.scenario({ kind: 'back_to_normal' });
  const back = house.now();
  await live(5 * slotMs);
  expect((await filled(back + slotMs, house.now(), hung)).inOwnSlot).toBe(1);
});
