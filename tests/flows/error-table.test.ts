import { afterAll, beforeAll, expect, test } from 'vitest';
import { resumeConnection } from '../../src/services/connections/pause-connection.ts';
import { slotSeconds } from '../../src/store/snapshots.ts';
import { graphHouse, minuteMs, operator, type GraphHouse } from '../graph-house.ts';
import { bendItems, graphProxy, type Asked, type GraphProxy, type Said } from '../graph-proxy.ts';
import { isLong } from '../dice.ts';
import { errorForms, type ErrorClass, type ErrorForm } from './error-forms.ts';

/**
 * Every form of error that Meta is known for, said of one account's figures, of a whole batch, of the list of accounts and of
 * an account that the lists no longer show: what is asked again, what rests and how long, who is told, what everybody else
 * notices, and how it ends. Each form is said at one or two of the four places; at all: LONG=1 npx vitest run --project integration
 * tests/flows/error-table
 */

const startAt = Date.parse('2026-11-23T15:00:20Z');
const slotMs = 5 * minuteMs;
// One account of so many must not make a cycle degraded.
const accounts = 50;
const tokens = { Alpha: 'sim-1-of-2', Spare: 'sim-1-of-2-b', Other: 'sim-2-of-2' } as const;
type Name = keyof typeof tokens;

let house: GraphHouse;
let proxy: GraphProxy;
const ids = new Map<Name, number>();

async function open(): Promise<void> {
  house = await graphHouse({
    startAt,
    accounts,
    requestTimeoutMs: 5_000,
    async between(url) {
      proxy = await graphProxy(url);
      return proxy.url;
    },
  });
  for (const name of Object.keys(tokens) as Name[]) ids.set(name, await house.add(name, tokens[name]));
  // The first rounds read what is slow: history, hours, logs.
  for (let n = 0; n < 3; n++) {
    await house.sweep();
    await house.poll();
    await nextSlot();
  }
  await house.advance(30_000);
}
async function close(): Promise<void> {
  await proxy.close();
  await house.close();
}
beforeAll(open);
afterAll(close);

interface Standing {
  no: number;
  accountId: string;
  reader: Name;
  state: string;
  hasAccess: boolean;
  unreachable: boolean;
  failure: string | null;
  metricsAt: number;
  limit: string;
  figures: string;
}

const nameOf = (id: number) => [...ids].find(([, known]) => known === id)?.[0] ?? 'Alpha';

async function standings(): Promise<Map<string, Standing>> {
  const rows = await house.rows<Omit<Standing, 'reader'> & { connectionId: number }>`
    select a.no, a.account_id as "accountId", a.connection_id as "connectionId", l.state, l.has_access as "hasAccess",
      l.unreachable_since is not null as unreachable, l.failure, l.metrics_at as "metricsAt",
      concat_ws(' ', l.meta_limit_minor, l.meta_limit_source, l.limit_refused_until) as limit,
      concat_ws(' ', l.day, l.spend_minor, l.clicks, l.outbound_clicks, l.impressions) as figures
    from accounts a join latest l on l.account_no = a.no order by a.no`;
  return new Map(
    rows.map(({ connectionId, ...row }) => [row.accountId, { ...row, reader: nameOf(connectionId) }]),
  );
}

/** An account that delivers, who reads it, who could read it instead, and what else is read with it. */
async function choose(): Promise<{ account: string; reader: Name; spare: Name; own: string[] }> {
  // Whoever took an account over keeps it; for the next form they go back to where they were.
  await house.rows`update accounts set connection_id = ${ids.get('Alpha')!} where connection_id = ${ids.get('Spare')!}`;
  await house.rows`update reach set denied_at = null`;
  const own = [...(await standings()).values()].filter(({ reader }) => reader === 'Alpha');
  const target = own.find(({ state }) => state === 'active');
  if (target === undefined) throw new Error('no account delivers');
  return {
    ...{ account: target.accountId, reader: 'Alpha', spare: 'Spare' },
    own: own.map(({ accountId }) => accountId),
  };
}

const alerts = async () =>
  (
    await house.rows<{ alert: string }>`
      select c.name || ' ' || a.kind as alert from alerts a join connections c on c.id = a.connection_id
      where a.resolved_at is null order by 1`
  ).map(({ alert }) => alert);

const connectionOf = async (name: Name) => {
  const [row] = await house.rows<{ state: string; retryAt: number | null }>`
    select state, retry_at as "retryAt" from connections where name = ${name}`;
  if (row === undefined) throw new Error(`no connection ${name}`);
  return row;
};

const pauses = async () =>
  house.rows<{ scope: string; until: number }>`
    select scope, until from pauses where until > ${house.now()}::timestamptz order by scope`;

/** Accounts that have a snapshot of the slot that is now. */
async function readNow(): Promise<Set<string>> {
  const slot = slotSeconds(Math.floor(house.now() / slotMs) * slotMs);
  const rows = await house.rows<{ id: string }>`
    select a.account_id as id from snapshots s join accounts a on a.no = s.account_no where s.slot = ${slot}`;
  return new Set(rows.map(({ id }) => id));
}

const isToday = (account: string) => (address: string) =>
  address.startsWith(`${account}/insights`) && address.includes('date_preset=today');
const isDirect = (account: string) => (address: string) => address.startsWith(`${account}?`);
const itemOf = ({ status, body, item }: ErrorForm): unknown =>
  item === undefined ? { code: status, body } : item;
const whole = ({ status, body }: ErrorForm): Said => ({
  ...{ status, text: body },
  headers: { 'content-type': 'application/json' },
});
const asks = (from: number, is: (asked: Asked) => boolean) => proxy.asked.slice(from).filter(is);
const itemsAsked = (from: number, is: (address: string) => boolean) =>
  proxy.asked.slice(from).flatMap(({ items }) => items.filter(is)).length;
const callsOf = (from: number, name: Name) => asks(from, ({ token }) => token === tokens[name]).length;

const triesOf: Readonly<Record<ErrorClass, number>> = {
  ...{ retry: 3, retry_then_access: 3, shrink: 3, unknown: 2, config_once: 2 },
  ...{ throttle_account: 1, throttle_insights: 1, throttle_app: 1, throttle_token: 1 },
  ...{ token: 1, access: 1, request: 1, config: 1, config_installation: 1, blocked: 1 },
};

const isThrottle = ({ class: klass }: ErrorForm) => klass.startsWith('throttle');

/** The scopes that a throttling answer, or a block, stops. `account` is null where it was about no single one. */
function scopesOf(form: ErrorForm, reader: Name, account: string | null, own: string): string[] {
  const token = `token:${ids.get(reader)}`;
  switch (form.class) {
    case 'throttle_account':
      return [account === null ? token : `${account}:${form.bucket === 'own' ? own : form.bucket}`];
    case 'throttle_insights':
      return ['insights:meta'];
    case 'throttle_app':
      return ['app:meta'];
    case 'throttle_token':
    case 'blocked':
      return [token];
    default:
      return [];
  }
}

async function expectPauses(form: ErrorForm, scopes: string[]): Promise<void> {
  const now = await pauses();
  expect(now.map(({ scope }) => scope)).toEqual(scopes);
  const ms = (form.class === 'blocked' ? 60 : (form.minutes ?? 0)) * minuteMs;
  for (const { until } of now) {
    // Up to a tenth more, and what the tries themselves took.
    expect(until - house.now()).toBeGreaterThan(ms - 10_000);
    expect(until - house.now()).toBeLessThanOrEqual(1.1 * ms);
  }
}

/** Nobody has lost an account, and no figures but these accounts' are anything but fresh. */
async function expectOthersWell(before: Map<string, Standing>, without: readonly string[]): Promise<void> {
  const after = await standings();
  expect(after.size).toBe(accounts);
  for (const [id, { hasAccess, reader, failure, unreachable }] of after) {
    expect([id, hasAccess || without.includes(id)]).toEqual([id, true]);
    if (without.includes(id)) continue;
    expect([id, failure, unreachable]).toEqual([id, null, false]);
    if (!without.includes(id)) expect([id, reader]).toEqual([id, before.get(id)?.reader]);
  }
}

/** Nothing is wrong any more, and everything is read. */
async function expectWell(): Promise<void> {
  await house.sweep();
  await house.poll();
  expect(await alerts()).toEqual([]);
  expect(await pauses()).toEqual([]);
  for (const name of ids.keys()) expect([name, (await connectionOf(name)).state]).toEqual([name, 'ok']);
  const read = await readNow();
  for (const { accountId, state, hasAccess, failure } of (await standings()).values()) {
    expect([accountId, hasAccess, failure]).toEqual([accountId, true, null]);
    if (state === 'active') expect([accountId, read.has(accountId)]).toEqual([accountId, true]);
  }
  // What rests for five minutes from here on rests beyond the beginning of the slot after.
  await nextSlot();
  await house.advance(30_000);
}

/** The beginning of the slot after now, or after some time. */
const nextSlot = (after = 0) =>
  house.moveTo((Math.floor((house.now() + after) / slotMs) + 1) * slotMs + 5_000);

/** Meta is well again, and what it asked for is over. */
async function later({ class: klass, minutes = 0 }: ErrorForm): Promise<void> {
  proxy.bend = null;
  await nextSlot((klass === 'blocked' || minutes === 60 ? 67 : 12) * minuteMs);
}

const isConfig = (klass: ErrorClass) => klass === 'config' || klass === 'config_once';

async function ofFigures(form: ErrorForm): Promise<void> {
  const klass = form.class;
  const { account, reader, spare } = await choose();
  const before = await standings();
  const from = proxy.asked.length;
  proxy.bend = (asked, genuine) =>
    asked.token !== tokens[reader]
      ? genuine()
      : bendItems(asked, genuine, (address) => (isToday(account)(address) ? itemOf(form) : undefined));
  await house.poll();
  expect(itemsAsked(from, isToday(account))).toBe(triesOf[klass]);
  const isStopped = klass === 'blocked' || klass === 'config_installation';
  const isDenied = klass === 'access' || klass === 'token';

  const after = await standings();
  const { failure, figures, metricsAt } = after.get(account)!;
  expect([figures, metricsAt]).toEqual([before.get(account)?.figures, before.get(account)?.metricsAt]);
  expect(failure === null).toBe(isThrottle(form));
  await expectOthersWell(before, [account]);
  const read = await readNow();
  for (const { accountId, state } of after.values())
    if (state === 'active')
      expect([accountId, read.has(accountId)]).toEqual([accountId, accountId !== account]);
  await expectPauses(form, scopesOf(form, reader, account, 'ads_insights'));
  expect((await connectionOf(reader)).state).toBe(isStopped ? 'stopped' : 'ok');
  expect(await alerts()).toEqual(isStopped ? [`${reader} connection_stopped`] : []);

  // Meta is well again at once; what was told to rest rests all the same, and others take over what is refused.
  proxy.bend = null;
  const silentFrom = proxy.asked.length;
  await nextSlot();
  await house.poll();
  const now = (await standings()).get(account)!;
  expect(now.reader).toBe(isDenied || isStopped ? spare : reader);
  const rests =
    klass === 'throttle_insights' || (klass === 'throttle_account' && form.bucket !== 'ads_management');
  if (klass === 'throttle_app' || klass === 'throttle_token' || isStopped)
    expect(callsOf(silentFrom, reader)).toBe(0);
  else expect(itemsAsked(silentFrom, isToday(account))).toBe(rests ? 0 : 1);
  if (klass === 'throttle_app') expect(proxy.asked.length).toBe(silentFrom);
  else if (klass !== 'throttle_insights') expect((await readNow()).size).toBeGreaterThan(accounts / 3);
  await later(form);
  if (klass === 'config_installation') await resume(reader);
  await expectWell();
}

async function ofBatch(form: ErrorForm): Promise<void> {
  const klass = form.class;
  const { account, reader, spare, own } = await choose();
  const before = await standings();
  const from = proxy.asked.length;
  proxy.bend = (asked, genuine) =>
    asked.token === tokens[reader] && asked.items.length > 0 ? Promise.resolve(whole(form)) : genuine();
  await house.poll();
  expect(itemsAsked(from, isToday(account))).toBe(triesOf[klass]);
  const isStopped = klass === 'blocked' || klass === 'config_installation' || isConfig(klass);
  await expectOthersWell(before, own);
  const after = await standings();
  for (const id of own) {
    const { limit, figures } = before.get(id)!;
    expect([id, after.get(id)?.limit, after.get(id)?.figures]).toEqual([id, limit, figures]);
    const { failure, state } = after.get(id)!;
    if (isThrottle(form)) expect([id, failure]).toEqual([id, null]);
    else if (state === 'active') expect([id, failure]).not.toEqual([id, null]);
  }
  // Nothing was said of any account.
  expect(
    await house.rows`select 1 from reach where denied_at > ${house.now() - minuteMs}::timestamptz`,
  ).toEqual([]);
  await expectPauses(form, scopesOf(form, reader, null, ''));
  expect((await connectionOf(reader)).state).toBe(isStopped ? 'stopped' : 'ok');
  // Whether a token is dead is for the sweep to find out.
  expect(await alerts()).toEqual(
    isThrottle(form) || klass === 'token'
      ? []
      : [`${reader} ${isStopped ? 'connection_stopped' : 'polling_failing'}`],
  );
  proxy.bend = null;
  await nextSlot();
  await house.poll();
  expect((await standings()).get(account)?.reader).toBe(isStopped ? spare : reader);
  await later(form);
  if (isStopped && klass !== 'blocked') await resume(reader);
  await expectWell();
}

async function ofList(form: ErrorForm): Promise<void> {
  const klass = form.class;
  const { account, reader, spare, own } = await choose();
  const before = await standings();
  // A token that is called dead is asked itself; it agrees.
  proxy.bend = (asked, genuine) =>
    asked.token === tokens[reader] &&
    (asked.path === 'me/adaccounts' || (klass === 'token' && asked.path === 'me'))
      ? Promise.resolve(whole(form))
      : genuine();
  const isStopped = klass === 'blocked' || klass === 'config_installation' || isConfig(klass);
  const isSilent = isStopped || (isThrottle(form) && klass !== 'throttle_insights');
  const limits: string[] = [];
  for (let n = 1; n <= 3; n++) {
    const from = proxy.asked.length;
    await house.sweep();
    const asked = asks(from, ({ token, path }) => token === tokens[reader] && path === 'me/adaccounts');
    // A dead token is asked who it is, and no more; what rests, rests.
    expect([n, asked.length]).toEqual([n, n === 1 || !(isSilent || klass === 'token') ? triesOf[klass] : 0]);
    if (n === 1) limits.push(...asked.map(({ params }) => params.get('limit') ?? ''));
    await expectOthersWell(before, klass === 'throttle_app' ? [...before.keys()] : own);
    if (n === 1) await expectPauses(form, scopesOf(form, reader, null, ''));
    expect(await alerts()).toEqual(
      klass === 'token'
        ? [`${reader} token_dead`]
        : isStopped
          ? [`${reader} connection_stopped`]
          : isThrottle(form) || n < 3
            ? []
            : [`${reader} polling_failing`],
    );
    const { state, retryAt } = await connectionOf(reader);
    expect(state).toBe(klass === 'token' ? 'token_dead' : isStopped ? 'stopped' : 'ok');
    expect(retryAt !== null).toBe(klass === 'blocked');
    if (n === 2)
      expect((await standings()).get(account)?.reader).toBe(isStopped || klass === 'token' ? spare : reader);
    await house.advance(minuteMs);
  }
  if (klass === 'shrink') expect(limits).toEqual(['100', '50', '25']);
  await later(form);
  if (isStopped && klass !== 'blocked') await resume(reader);
  await expectWell();
}

async function ofMissing(form: ErrorForm): Promise<void> {
  const klass = form.class;
  const { account, reader } = await choose();
  const before = await standings();
  proxy.bend = async (asked, genuine) =>
    asked.path === 'me/adaccounts'
      ? without(await genuine(), account)
      : bendItems(asked, genuine, (address) => (isDirect(account)(address) ? itemOf(form) : undefined));
  const isLost = klass === 'access' || klass === 'retry_then_access' || klass === 'token';
  const isStopped = klass === 'blocked' || klass === 'config_installation';
  const found: string[] = [];
  for (const minutes of [1, 3, 3, 1]) {
    const from = proxy.asked.length;
    await house.sweep();
    if (found.length === 0) {
      expect(itemsAsked(from, isDirect(account))).toBe(triesOf[klass]);
      await expectPauses(form, scopesOf(form, reader, account, 'ads_management'));
      expect((await connectionOf(reader)).state).toBe(isStopped ? 'stopped' : 'ok');
    }
    found.push((await standings()).get(account)?.state ?? '');
    await house.advance(minutes * minuteMs);
  }
  expect(found).toEqual([...Array<string>(3).fill('active'), isLost ? 'access_lost' : 'active']);
  expect(await alerts()).toEqual(isStopped ? [`${reader} connection_stopped`] : []);
  expect(
    await house.rows`select 1 from transitions t where t.kind = 'access_lost' and t.detected_at > ${house.now() - 10 * minuteMs}::timestamptz`,
  ).toHaveLength(isLost ? 1 : 0);
  for (const [id, { hasAccess }] of await standings())
    expect([id, hasAccess]).toEqual([id, !(isLost && id === account)]);
  expect((await standings()).get(account)?.figures).toBe(before.get(account)?.figures);
  await later(form);
  if (klass === 'config_installation') await resume(reader);
  await expectWell();
}

async function resume(name: Name): Promise<void> {
  expect((await connectionOf(name)).state).toBe('stopped');
  await resumeConnection(house.deps, operator, name, new AbortController().signal);
}

/** A page of a list without one account. */
function without(said: Said, account: string): Said {
  const body = JSON.parse(String(said.text)) as { data: { id: string }[] };
  return { ...said, text: JSON.stringify({ ...body, data: body.data.filter(({ id }) => id !== account) }) };
}

/** A line that is cut takes the whole batch along. */
const items = errorForms.filter(({ body, item }) => body !== null || item !== undefined);
const calls = errorForms.filter(({ item }) => item === undefined);

test.each([
  ["of one account's figures", 0, items, ofFigures],
  ['of a whole batch', 1, calls, ofBatch],
  ['of the list of accounts', 2, calls, ofList],
  ['of an account that the lists do not show', 0, items, ofMissing],
] as const)(
  '%s',
  async (place, placeNo, forms, follow) => {
    expect(errorForms.length).toBeGreaterThanOrEqual(60);
    const problems: string[] = [];
    const played = forms.filter((form) => isLong || (errorForms.indexOf(form) + placeNo) % 3 === 0);
    for (const form of played) {
      try {
        await follow(form);
      } catch (error) {
        problems.push(`${form.name} (${form.class}): ${String(error)}`);
        // What one form has left behind must not be held against the next.
        await close();
        await open();
      }
    }
    console.log(`${place}: ${played.length - problems.length} of ${played.length} forms as the table says`);
    expect(problems).toEqual([]);
  },
  120_000,
);
