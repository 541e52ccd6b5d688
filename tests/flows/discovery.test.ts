import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pauseConnection, resumeConnection } from '../../src/services/connections/pause-connection.ts';
import { listCoverage } from '../../src/store/connections.ts';
import { slotSeconds } from '../../src/store/snapshots.ts';
import { graphHouse, hourMs, minuteMs, operator, type GraphHouse } from '../graph-house.ts';
import { bendItems, graphProxy, type GraphProxy } from '../graph-proxy.ts';

/** Several tokens over one fleet: who reads which account, what happens when that one cannot, and what is found and lost. */

const startAt = Date.parse('2026-11-24T15:00:05Z');
const slotMs = 5 * minuteMs;
const signal = new AbortController().signal;

let house: GraphHouse;
let proxy: GraphProxy;
const tokens = new Map<string, string>();
const ids = new Map<string, number>();

async function open(accounts: number): Promise<void> {
  house = await graphHouse({
    ...{ startAt, accounts },
    async between(url) {
      proxy = await graphProxy(url);
      return proxy.url;
    },
  });
}
async function add(name: string, token: string, businessIds: string[] = []): Promise<void> {
  tokens.set(name, token);
  ids.set(name, await house.add(name, token, businessIds));
}
afterEach(async () => {
  await proxy.close();
  await house.close();
});

async function nextSlot(after = 0): Promise<void> {
  await house.moveTo((Math.floor((house.now() + after) / slotMs) + 1) * slotMs + 5_000);
}
async function round(): Promise<void> {
  await house.sweep();
  await house.poll();
}

/** Found, readable, monitored. */
async function coverage(name: string): Promise<number[]> {
  const one = (await listCoverage(house.deps.database.sql)).find(
    ({ connectionId }) => connectionId === ids.get(name),
  );
  return one === undefined ? [] : [one.found, one.readable, one.monitored];
}

const own = async (name: string) =>
  (
    await house.rows<{ id: string }>`
      select a.account_id as id from accounts a join connections c on c.id = a.connection_id where c.name = ${name} order by 1`
  ).map(({ id }) => id);

/** Every account that delivers has one snapshot of this slot. */
async function expectAllRead(): Promise<void> {
  const slot = slotSeconds(Math.floor(house.now() / slotMs) * slotMs);
  const rows = await house.rows<{ id: string; count: number }>`
    select a.account_id as id, count(s.slot) as count from accounts a join latest l on l.account_no = a.no
      left join snapshots s on s.account_no = a.no and s.slot = ${slot}
    where l.has_access and l.state not in ('suspended', 'closing', 'closed') group by 1`;
  expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  expect(rows.length).toBeGreaterThan(5);
}

const insightsBy = (from: number, name: string) =>
  proxy.asked
    .slice(from)
    .filter(({ token }) => token === tokens.get(name))
    .flatMap(({ items }) => items.filter((address) => address.includes('/insights'))).length;

describe('two tokens that reach the same accounts', () => {
  beforeEach(async () => {
    await open(18);
    // Every third account is nobody's.
    await add('Alpha', 'sim-1-of-3');
    // Who comes first, reads.
    await house.sweep();
    await nextSlot();
    await add('Spare', 'sim-1-of-3-b');
    await add('Other', 'sim-2-of-3');
    await round();
  });

  test('one of them reads, once for each slot', async () => {
    await expectAllRead();
    expect(await Promise.all(['Alpha', 'Spare', 'Other'].map(coverage))).toEqual([
      [6, 6, 6],
      [6, 6, 0],
      [6, 6, 6],
    ]);
    expect(insightsBy(0, 'Spare')).toBe(0);
    expect(await house.rows`select 1 from accounts where vendor_id is not null`).toEqual([]);
    expect(await house.rows`select kind, count(*) from transitions group by 1`).toEqual([
      { kind: 'discovered', count: 12 },
    ]);
  });

  interface Way {
    stop(name: string): Promise<unknown>;
    start(name: string): Promise<unknown>;
  }
  const normal = () => house.scenario({ kind: 'back_to_normal' });
  const ways: [string, Way][] = [
    [
      'dies',
      { stop: (name) => house.scenario({ kind: 'dead_token', token: tokens.get(name) }), start: normal },
    ],
    [
      'is paused',
      {
        stop: (name) => pauseConnection(house.deps, operator, name),
        start: (name) => resumeConnection(house.deps, operator, name, signal),
      },
    ],
    [
      'loses access',
      {
        stop: async (name) =>
          house.scenario({ kind: 'access_lost', token: tokens.get(name), account_ids: await own(name) }),
        start: normal,
      },
    ],
  ];

  test.each(ways)(
    'one that %s is followed by the other within a sweep, and back',
    async (_, { stop, start }) => {
      const all = await own('Alpha');
      for (const [reader, spare] of [
        ['Alpha', 'Spare'],
        ['Spare', 'Alpha'],
      ] as const) {
        await nextSlot();
        await stop(reader);
        await round();
        expect([await own(reader), await own(spare)]).toEqual([[], all]);
        await expectAllRead();
        expect((await coverage(spare))[2]).toBe(6);
        // Once it is back, nobody is torn from the one who reads by now.
        await start(reader);
        await nextSlot();
        await round();
        expect(await own(spare)).toEqual(all);
        await expectAllRead();
        expect(await coverage(reader)).toEqual([6, 6, 0]);
      }
      expect(await house.rows`select kind from transitions where kind like 'access%'`).toEqual([]);
      expect((await coverage('Other'))[2]).toBe(6);
    },
  );

  test('a new account appears without a vendor and is read from the next cycle on', async () => {
    const { json } = await house.meta.control('GET', '/truth');
    const known = new Set([...(await own('Alpha')), ...(await own('Other'))]);
    const found = Object.values(json['accounts'] ?? {})
      .map((one) => `act_${String(one['account_id'])}`)
      .find((id) => !known.has(id));
    await house.scenario({ kind: 'grant', token: tokens.get('Other'), account_ids: [found] });
    await nextSlot();
    await round();
    expect(await coverage('Other')).toEqual([7, 7, 7]);
    expect(await own('Other')).toContain(found);
    expect(await house.rows`select vendor_id from accounts where account_id = ${found ?? ''}`).toEqual([
      { vendor_id: null },
    ]);
    await expectAllRead();
  });

  test('a vanished account is lost after the second confirmation five minutes later, and comes back', async () => {
    const [gone = ''] = await own('Other');
    const standing = async () =>
      (
        await house.rows<{ lost: boolean }>`
        select not has_access as lost from latest l join accounts a on a.no = l.account_no where a.account_id = ${gone}`
      )[0]?.lost;
    await house.scenario({ kind: 'access_lost', account_ids: [gone] });
    const seen: unknown[] = [];
    for (const minutes of [1, 3, 2, 1]) {
      await house.advance(minutes * minuteMs);
      await house.sweep();
      seen.push(await standing());
    }
    // First missed after a minute; five minutes later it is certain.
    expect(seen).toEqual([false, false, true, true]);
    expect(await coverage('Other')).toEqual([5, 5, 5]);
    const told = () =>
      house.rows`select kind, resolved_at is null as open from alerts where kind = 'access_lost'`;
    expect(await told()).toEqual([{ kind: 'access_lost', open: true }]);
    await house.scenario({ kind: 'back_to_normal' });
    await nextSlot();
    await round();
    expect(await standing()).toBe(false);
    expect(await coverage('Other')).toEqual([6, 6, 6]);
    expect(await told()).toEqual([{ kind: 'access_lost', open: false }]);
    await expectAllRead();
  });

  test('an account that is listed and refused is found and not readable; another reads it, and later the first again', async () => {
    const [refused = ''] = await own('Alpha');
    const error = { code: 403, body: JSON.stringify({ error: { message: 'no', code: 200 } }) };
    const refuse = (...names: string[]) => {
      proxy.bend = (asked, genuine) =>
        names.some((name) => tokens.get(name) === asked.token)
          ? bendItems(asked, genuine, (address) =>
              address.startsWith(`${refused}/insights`) ? error : undefined,
            )
          : genuine();
    };
    const readers = async () =>
      [await own('Alpha'), await own('Spare')].map((list) => list.includes(refused));
    refuse('Alpha');
    await nextSlot();
    await round();
    expect(await coverage('Alpha')).toEqual([6, 5, 5]);
    await nextSlot();
    await round();
    expect(await readers()).toEqual([false, true]);
    expect([await coverage('Alpha'), await coverage('Spare')]).toEqual([
      [6, 5, 5],
      [6, 6, 1],
    ]);
    await expectAllRead();
    // Both refuse: each is asked once an hour, no more.
    refuse('Alpha', 'Spare');
    await nextSlot();
    const from = proxy.asked.length;
    for (let n = 0; n < 11; n++) {
      await round();
      await nextSlot();
    }
    const tries = proxy.asked
      .slice(from)
      .flatMap(({ items }) =>
        items.filter((address) => address.startsWith(`${refused}/insights`) && address.includes('today')),
      );
    expect(tries.length).toBeGreaterThan(0);
    expect(tries.length).toBeLessThanOrEqual(3);
    // The first may read again, the second still not: an hour later it is back where it was.
    refuse('Spare');
    await nextSlot(hourMs);
    await round();
    await nextSlot();
    await round();
    expect(await readers()).toEqual([true, false]);
    await expectAllRead();
    expect(await coverage('Alpha')).toEqual([6, 6, 6]);
  });
});

describe('Business Managers', () => {
  /** The user's own list is empty: what there is, only the Business Managers show. */
  function hideOwn(): void {
    proxy.bend = async ({ path }, genuine) =>
      path === 'me/adaccounts'
        ? { status: 200, headers: { 'content-type': 'application/json' }, text: '{"data":[]}' }
        : genuine();
  }
  interface World {
    operator: string;
    owners: string[];
  }
  async function world(): Promise<World> {
    const { json } = await house.meta.control('GET', '');
    const owners = Object.values(json['vendors'] ?? {}).flatMap((vendor) =>
      Object.values(vendor['business_ids'] ?? {}),
    );
    return { operator: String(json['operator_business_id']), owners: owners.map(String) };
  }

  test.each([
    ['shared to', (w: World) => [w.operator], 'client_ad_accounts'],
    ['owned by', (w: World) => w.owners, 'owned_ad_accounts'],
  ] as const)('accounts %s them are found on all pages, and stay', async (_, choose, edge) => {
    await open(230);
    await add('Manager', 'sim-1-of-1', choose(await world()));
    hideOwn();
    await house.sweep();
    expect(await coverage('Manager')).toEqual([230, 230, 230]);
    const pages = proxy.asked.filter(({ path }) => path.endsWith(edge)).length;
    expect(pages).toBeGreaterThanOrEqual(3);
    for (let n = 0; n < 7; n++) {
      await house.advance(minuteMs);
      await house.sweep();
    }
    expect(
      await house.rows`select 1 from latest where not has_access or unreachable_since is not null`,
    ).toEqual([]);
    expect(await house.rows`select only_in_businesses as only from connections`).toEqual([{ only: 230 }]);
    expect(await coverage('Manager')).toEqual([230, 230, 230]);
  });
});
