import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { startEmbedded } from '../../src/adapters/database/embedded.ts';
import { may, type Action } from '../../src/domain/permissions.ts';
import { routeTable, type Access, type Method } from '../../src/server/route-table.ts';
import { type Product, startProduct } from '../browser/product.ts';
import { silentLog } from '../browser/visit.ts';
import { until } from '../flows/until.ts';
import { type Caller, inviteCallers, secrets } from './callers.ts';

/**
 * Every page, route and server action of the built product, asked in every way by everybody who may come. What must hold: who may
 * not gets no word of the fleet and changes nothing; who may is let in; what is built is in the table.
 */

const root = path.resolve(import.meta.dirname, '../..');
const built = (name: string) =>
  JSON.parse(readFileSync(path.join(root, '.next/server', name), 'utf8')) as unknown;

let product: Product;
let database: PostgresDatabase;
let callers: Caller[];
const endings: (() => Promise<unknown>)[] = [];
/** One object that is there, and one that is not. */
const objects: Record<string, [string, string]> = {
  '[id]': ['', 'act_424242424242'],
  '[day]': ['2026-11-01', '1999-01-01'],
  '[token]': ['x'.repeat(43), 'y'],
  '[set]': ['board', 'nothing'],
};
/** What is in the product and must not reach those who may not see it. */
let fleet: RegExp;

beforeAll(async () => {
  product = await startProduct({
    env: {
      CRON_SECRET: secrets.cron,
      ARBHUB_API_KEY: secrets.key,
      META_APP_SECRET: 'a secret of an app',
      META_WEBHOOK_VERIFY_TOKEN: 'a token to verify',
      // Nothing moves by itself, so that what changes was changed by a caller.
      STATUS_SWEEP_SECONDS: '3600',
      METRICS_CYCLE_SECONDS: '3600',
    },
  });
  endings.push(product.stop);
  const guest = await startEmbedded({ dataDir: product.dataDir, holder: 'guest', log: silentLog });
  endings.push(guest.stop);
  database = connectDatabase({ to: guest.target, maxConnections: 2 });
  endings.push(database.close);
  const { sql } = database;
  await until(accountIds, (ids) => ids.length === 30);
  // The first figures are read by then.
  await until(
    async () => (await fetch(`${product.url}/api/health`)).status,
    (status) => status === 200,
  );
  const [id = ''] = await accountIds();
  objects['[id]']![0] = id;
  await sql`insert into notes (account_no, author, words, written_at) select no, 'owner@example.com', 'MARKER of a note', now() from accounts`;
  callers = await inviteCallers(sql, 'arbhub');
  const vendors = (await sql<{ name: string }>`select name from vendors`).map(({ name }) => name);
  expect(vendors.length).toBeGreaterThan(2);
  // The keys for web push are made at the first look.
  await fetch(`${product.url}/me`, { headers: callers.find(({ name }) => name === 'admin')!.headers });
  fleet = new RegExp([...(await accountIds()), 'MARKER', 'owner@example', ...vendors].join('|'));
}, 120_000);
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

async function accountIds(): Promise<string[]> {
  const rows = await database.sql<{ account_id: string }>`select account_id from accounts order by no`;
  return rows.map(({ account_id }) => account_id);
}

interface Asked {
  route: string;
  method: string;
  caller: Caller;
  path: string;
  headers?: Record<string, string>;
  body?: BodyInit;
}
interface Answered {
  status: number;
  location: string | null;
  text: string;
}

async function ask({ method, caller, path: where, headers, body }: Asked): Promise<Answered> {
  const response = await fetch(`${product.url}${where}`, {
    ...{ method, redirect: 'manual', headers: { ...caller.headers, ...headers } },
    ...(body === undefined ? {} : { body }),
  });
  // Whoever names an account is told its name back by some pages: that tells him nothing.
  const named = /act_[0-9]+/.exec(where)?.[0];
  const text = (await response.text()).replaceAll(named ?? '\0', 'the one that was asked for');
  return { status: response.status, location: response.headers.get('location'), text };
}

/** Eight at a time. */
async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}

const isPage = (route: string) => !route.startsWith('/api/') && !route.startsWith('/styles/');

/** Whether the table lets him in; an API key is no way into a page. */
function mayCome(caller: Caller, access: Access, route: string): boolean {
  if (access === 'public' || access === 'link') return true;
  if (access === 'cron') return caller.isScheduler;
  if (access === 'signed') return false;
  const role = isPage(route) ? caller.onPages : caller.onRoutes;
  return role !== null && may({ role, name: caller.name }, access);
}

function pathsOf(route: string): string[] {
  const name = Object.keys(objects).find((part) => route.includes(part));
  return name === undefined ? [route] : objects[name]!.map((object) => route.replace(name, object));
}

/** Each kind of caller once: those whose right is over are nobody, as the first campaign shows. */
const kinds = ['nobody', 'viewer'];
const isOptions = (method: string) => method === 'OPTIONS';
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** A digest of every table in which people and programs keep something. */
async function stateOf(): Promise<Record<string, string>> {
  const moving = ['cycles', 'shards', 'sessions', 'throttles', 'api_keys', 'latest', 'standings', 'pauses'];
  const rows = await database.sql<{ name: string; digest: string }>`
    select c.relname as name, md5(query_to_xml(format('select t::text from public.%I t order by 1', c.relname), true, false, '')::text) as digest
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not c.relname = any(${moving})`;
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

test('what the build serves is in the table, and nothing else', () => {
  const served = Object.keys(built('app-paths-manifest.json') as Record<string, string>)
    .map((name) => name.replace(/\/\([^)]*\)/g, '').replace(/\/(page|route)$/, '') || '/')
    // Pictures and the manifest of the app, and the framework's own pages of errors.
    .filter((name) => !/^\/(_.*|.*\.(png|svg|webmanifest))$/.test(name));
  expect(served.toSorted()).toEqual(Object.keys(routeTable).toSorted());
});

test('everybody, every method, every route: in or out as the table says, and outside no word of the fleet', async () => {
  const asked: Asked[] = [];
  for (const route of Object.keys(routeTable))
    for (const where of pathsOf(route))
      for (const method of methods)
        for (const caller of callers)
          // Whatever the method, a page is drawn in one way: by each kind of caller once is enough.
          if (method === 'GET' || !isPage(route) || kinds.includes(caller.name))
            asked.push({ route, method, caller, path: where });
  const before = await stateOf();
  const wrong: string[] = [];
  const tally = { in: 0, out: 0 };
  const allowed: Asked[] = [];
  await eachOf(asked, async (one) => {
    const access = accessTo(one);
    if (access !== null && mayCome(one.caller, access, one.route) && !isOptions(one.method)) {
      allowed.push(one);
      return;
    }
    tally.out += 1;
    const answer = await ask(one);
    const fault = faultOfRefusal(one, access, answer);
    if (fault !== null) wrong.push(`${nameOf(one)}: ${fault}`);
  });
  expect(await stateOf()).toEqual(before);
  await eachOf(allowed, async (one) => {
    tally.in += 1;
    const answer = await ask({ ...one, headers: { 'sec-fetch-site': 'same-origin' } });
    const isSentAway =
      answer.status === 401 || answer.status === 403 || answer.location?.endsWith('/login') === true;
    // The root leads on, and the way there for whoever has no session is the sign-in.
    if ((isSentAway && one.route !== '/') || answer.status >= 500)
      wrong.push(`${nameOf(one)}: let in, but ${answer.status}`);
  });
  console.log(`${tally.out} requests refused, ${tally.in} let in, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(tally.out).toBeGreaterThan(1000);
  expect(tally.in).toBeGreaterThan(100);
});

/** What the table says of this method; null when the method is not in it. */
function accessTo({ route, method }: Asked): Access | null {
  const byMethod = routeTable[route] ?? {};
  return byMethod[(method === 'HEAD' ? 'GET' : method) as Method] ?? null;
}

function faultOfRefusal(
  { route, method, caller }: Asked,
  access: Access | null,
  answer: Answered,
): string | null {
  const { status, text, location } = answer;
  const ofPage = isPage(route);
  const pageAccess = routeTable[route]?.GET;
  // A post to a page without an action is drawn like a look at it.
  const sees = ofPage && pageAccess !== undefined && mayCome(caller, pageAccess, route);
  if (!sees && fleet.test(text)) return `${status} tells ${fleet.exec(text)?.[0]}`;
  if (ofPage) {
    if (status >= 500) return `${status}`;
    return null;
  }
  if (isOptions(method)) return text === '' ? null : 'OPTIONS with a body';
  if (location !== null) return `a redirect to ${location}`;
  if (access === null) return status === 405 ? null : `${status} instead of 405`;
  return [401, 403].includes(status) ? null : `${status}`;
}

const nameOf = ({ method, path: where, caller, headers }: Asked) =>
  `${method} ${where} by ${caller.name}${headers === undefined ? '' : ` with ${JSON.stringify(headers)}`}`;

const ways: { name: string; path?: (path: string) => string; headers?: Record<string, string> }[] = [
  ...['src/proxy', 'proxy', 'middleware', 'src/middleware'].map((name) => ({
    name: `internal header ${name}`,
    headers: { 'x-middleware-subrequest': Array.from({ length: 6 }, () => name).join(':') },
  })),
  {
    name: 'middleware says go on',
    headers: { 'x-middleware-next': '1', 'x-middleware-override-headers': 'cookie' },
  },
  { name: 'rewrite', headers: { 'x-middleware-rewrite': '/dashboard' } },
  { name: 'original url', headers: { 'x-original-url': '/login', 'x-rewrite-url': '/login' } },
  {
    name: 'inner invocation',
    headers: { 'x-invoke-path': '/dashboard', 'x-invoke-status': '200', 'x-matched-path': '/dashboard' },
  },
  {
    name: 'forwarded from inside',
    headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost', 'x-real-ip': '127.0.0.1' },
  },
  {
    name: 'named as a member',
    headers: { 'x-user': 'owner@example.com', 'x-role': 'admin', 'x-actor': 'admin' },
  },
  { name: 'data of a page', headers: { rsc: '1' } },
  { name: 'data of a part', headers: { rsc: '1', 'next-router-state-tree': '%5B%22%22%2C%7B%7D%5D' } },
  { name: 'prefetch', headers: { rsc: '1', 'next-router-prefetch': '1' } },
  {
    name: 'prefetch of a segment',
    headers: { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  },
  { name: 'purpose', headers: { purpose: 'prefetch', 'sec-purpose': 'prefetch' } },
  { name: 'rsc in the path', path: (where) => `${where}.rsc` },
  { name: 'rsc in the query', path: (where) => `${where}?_rsc=1`, headers: { rsc: '1' } },
  { name: 'slash behind', path: (where) => `${where}/` },
  { name: 'two slashes', path: (where) => `/${where}` },
  { name: 'dot', path: (where) => `/.${where}` },
  {
    name: 'encoded',
    path: (where) => where.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  },
  { name: 'upper case', path: (where) => where.toUpperCase() },
  { name: 'semicolon', path: (where) => `${where};.css` },
  { name: 'like a file', path: (where) => `${where}/x.css` },
  { name: 'data file', path: (where) => `/_next/data/build${where}.json` },
  { name: 'another method', headers: { 'x-http-method-override': 'GET', 'x-method-override': 'GET' } },
  {
    name: 'basic sign-in',
    headers: { authorization: `Basic ${Buffer.from('owner@example.com:x').toString('base64')}` },
  },
  { name: 'empty bearer', headers: { authorization: 'Bearer ' } },
  {
    name: 'key in the query',
    path: (where) => `${where}?api_key=${secrets.key}&token=${secrets.key}&secret=${secrets.cron}`,
  },
];

test('no header, no spelling of the address and no half page opens what is closed', async () => {
  const asked: (Asked & { way: string })[] = [];
  for (const [route, { GET: access }] of Object.entries(routeTable))
    for (const caller of callers)
      if (access !== undefined && !mayCome(caller, access, route))
        if (kinds.includes(caller.name))
          for (const { name, path: spell, headers } of ways) {
            const where = pathsOf(route)[0]!;
            const isOverwritten = headers?.['authorization'] !== undefined && caller.name !== 'nobody';
            if (isOverwritten) continue;
            asked.push({
              ...{ route, method: 'GET', caller, path: spell?.(where) ?? where, way: name },
              ...(headers === undefined ? {} : { headers }),
            });
          }
  const before = await stateOf();
  const wrong: string[] = [];
  await eachOf(asked, async (one) => {
    const { status, text } = await ask(one);
    if (fleet.test(text)) wrong.push(`${one.way}: ${nameOf(one)}: ${status} tells ${fleet.exec(text)?.[0]}`);
    else if (one.route.startsWith('/api/') && status === 200) wrong.push(`${one.way}: ${nameOf(one)}: 200`);
    else if (status >= 500 && !one.route.startsWith('/api/webhooks'))
      wrong.push(`${one.way}: ${nameOf(one)}: ${status}`);
  });
  expect(await stateOf()).toEqual(before);
  console.log(`${asked.length} ways around tried, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(asked.length).toBeGreaterThan(500);
});

interface BuiltAction {
  id: string;
  name: string;
  file: string;
  page: string;
  /** null = anyone, or whoever holds a link. */
  action: Action | null;
}

function builtActions(): BuiltAction[] {
  const { node } = built('server-reference-manifest.json') as {
    node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>;
  };
  return Object.entries(node).map(([id, { workers, filename, exportedName }]) => {
    const [worker = ''] = Object.keys(workers);
    const route = worker
      .replace(/^app/, '')
      .replace(/\/\([^)]*\)/g, '')
      .replace(/\/page$/, '');
    return {
      id,
      name: exportedName,
      file: filename,
      page: pathsOf(route)[0]!,
      action: actionOf(filename, exportedName),
    };
  });
}

/** What the source of an action asks for. `route-table.test.ts` makes sure that each one asks. */
function actionOf(file: string, name: string): Action | null {
  const text = readFileSync(path.join(root, file), 'utf8');
  const body = text.split(/^export /m).find((part) => part.startsWith(`async function ${name}(`)) ?? '';
  const asked = /requireActor\('([^']+)'\)/.exec(body)?.[1] ?? /action: '([^']+)'/.exec(body)?.[1];
  if (asked !== undefined) return asked as Action;
  const here = /wishOf\(\s*\{ \.\.\.(\w+)/.exec(body)?.[1];
  if (here === undefined) return null;
  return new RegExp(`const ${here} = \\{ action: '([^']+)'`).exec(text)![1] as Action;
}

/** A form that most actions can read: whoever gets past the guard changes something with it. */
function formOf(id: string): FormData {
  const given: Record<string, string> = {
    ...{
      name: 'default',
      email: 'viewer@callers.example',
      role: 'analyst',
      password: 'violet kettle under 9 stairs',
    },
    ...{
      text: 'written by a caller',
      tags: 'written',
      account: id,
      accountId: id,
      reason: 'because',
      query: '',
    },
    ...{
      timezone: 'UTC',
      from: '22:00',
      to: '07:00',
      minutes: '60',
      hours: '1',
      vendor: 'Made by a caller',
      token: 'x',
    },
  };
  const form = new FormData();
  for (const [name, value] of Object.entries(given)) form.append(`_1_${name}`, value);
  return form;
}

/** The arguments as the framework's own client writes them: the form alone, or behind what the action is bound to. */
function bodyOf(id: string, { id: action }: BuiltAction): FormData {
  const form = formOf(id);
  form.append('0', action.startsWith('60') ? JSON.stringify([id, '$K1']) : '["$K1"]');
  return form;
}

test('server actions: who may not changes nothing, from wherever he posts', async () => {
  const actions = builtActions();
  expect(actions.length).toBeGreaterThan(20);
  const unnamed = actions.filter(({ action }) => action === null).map(({ name }) => name);
  expect(unnamed.toSorted()).toEqual(openActions.toSorted());
  const [id = ''] = await accountIds();
  const post = (one: BuiltAction, caller: Caller, origin: Record<string, string>) =>
    ask({
      ...{ route: one.page, method: 'POST', caller, path: one.page, body: bodyOf(id, one) },
      headers: { 'next-action': one.id, accept: 'text/x-component', ...origin },
    });
  const own = { origin: product.url };
  const foreign: Record<string, string>[] = [
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    {},
  ];
  const before = await stateOf();
  const wrong: string[] = [];
  let tried = 0;
  // Each second one: every action meets each of them, by one caller or another.
  let turn = 0;
  const tries = actions.flatMap((one) =>
    callers.flatMap((caller) => {
      const isHis =
        one.action === null ||
        (caller.onPages !== null && may({ role: caller.onPages, name: caller.name }, one.action));
      const isCarried = caller.onPages !== null || caller.name === 'nobody';
      return [...(isHis ? [] : [own]), ...(isCarried ? foreign.filter(() => (turn += 1) % 2 === 0) : [])].map(
        (origin) => ({
          one,
          caller,
          origin,
        }),
      );
    }),
  );
  await eachOf(tries, async ({ one, caller, origin }) => {
    tried += 1;
    const { status, text } = await post(one, caller, origin);
    // What comes back of a refused act must not hold the page either, unless he may see that page.
    const access = Object.entries(routeTable).find(([route]) => pathsOf(route)[0] === one.page)?.[1].GET;
    if (access !== undefined && !mayCome(caller, access, one.page) && fleet.test(text))
      wrong.push(
        `${one.name} by ${caller.name} from ${JSON.stringify(origin)}: ${status} tells ${fleet.exec(text)?.[0]}`,
      );
  });
  expect(wrong).toEqual([]);
  expect(await stateOf()).toEqual(before);
  // The campaign can fail: with the same bodies from our own page, an admin changes things.
  const admin = callers.find(({ name }) => name === 'admin')!;
  for (const one of actions.filter(({ name, action }) => action !== null && !name.startsWith('remove'))) {
    await post(one, admin, own);
  }
  const after = await stateOf();
  const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
  console.log(
    `${tried} posts refused of ${actions.length} actions; an admin's changed ${changed.join(', ')}`,
  );
  expect(changed).toEqual(expect.arrayContaining(['audit_log', 'members']));
}, 180_000);

/** The sign-in and what leads to it, what a message's link opens; and to sign out takes no right. */
const openActions = ['signIn', 'setUp', 'accept', 'forgot', 'reset', 'signOut', 'act'];
