import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProduct, type Product } from '../browser/product.ts';
import { endProducts, pidsOf, processesOf } from './folder-processes.ts';
import { until } from './until.ts';

/** The product as a process: how it starts, refuses, answers machines, dies and comes back. */

const apiKey = 'key-of-a-program-1';
const cronSecret = 'a secret of thirty-two characters';
const pageWithinMs = 8000;
let dataDir: string;

const start = (env: Record<string, string> = {}) =>
  startProduct({ dataDir, env: { ARBHUB_API_KEY: apiKey, ...env } });

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbhub-process-'));
});

afterAll(async () => {
  await endProducts(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

function ask(product: Product, route: string, bearer?: string, method = 'GET'): Promise<Response> {
  const headers: HeadersInit = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return fetch(product.url + route, { method, redirect: 'manual', headers });
}

async function health(product: Product) {
  const response = await ask(product, '/api/health');
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

interface Account {
  account_id: string;
  name: string;
  date_added: string;
}

/** Every account, page by page, as a program reads them. */
async function listAccounts(product: Product): Promise<Account[]> {
  const accounts: Account[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const route: string = `/api/v1/accounts?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const response = await ask(product, route, apiKey);
    const page = (await response.json()) as { data: Account[]; next_cursor: string | null };
    expect(page.data.length).toBeLessThanOrEqual(7);
    accounts.push(...page.data);
    cursor = page.next_cursor;
  }
  return accounts;
}

/** What a start that must not succeed says, with its exit code. */
const refusalOf = (starting: Promise<Product>) =>
  starting.then(
    () => 'it started',
    (error: unknown) => String(error),
  );

describe('a running product', () => {
  let product: Product;
  beforeAll(async () => {
    product = await start({
      CRON_SECRET: cronSecret,
      STATUS_SWEEP_SECONDS: '5',
      METRICS_CYCLE_SECONDS: '5',
    });
    await until(
      () => health(product),
      ({ body }) => body['accounts_monitored'] === 30 && body['last_fb_sync'] !== null,
    );
  });

  test('is healthy in the words of its contract', async () => {
    const { status, body } = await health(product);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ok',
      last_fb_sync: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      accounts_monitored: 30,
      success_rate: 1,
    });
  });

  const cronRoutes = ['status', 'metrics', 'alerts', 'daily'].map((kind) => `/api/cron/${kind}`);

  test.each(cronRoutes)('lets nobody but the scheduler call %s', async (route) => {
    // However it is spelled, for an address that is redirected looks to a scheduler like one that ran.
    for (const address of [route, `${route}/`, `/${route}`, route.replace('cron/', 'cron//'), `${route}?n=1`])
      for (const method of ['GET', 'POST'])
        for (const bearer of [undefined, apiKey, cronSecret.slice(1), 'undefined', 'null'])
          expect((await ask(product, address, bearer, method)).status, `${method} ${address}`).toBe(401);
  });

  // A day's slot is taken since the start; these come again soon.
  test.each(cronRoutes.slice(0, 3))('runs a free slot of %s and answers its summary', async (route) => {
    const ran = await until(
      () => ask(product, route, cronSecret, 'POST'),
      ({ status }) => status !== 202,
    );
    expect(ran.status).toBe(200);
    const accounts = route.endsWith('alerts') ? 0 : 1;
    const { outcome, summary } = (await ran.json()) as { outcome: string; summary: Record<string, unknown> };
    expect(outcome).toBe('ran');
    expect(summary).toMatchObject({ isDegraded: false, failures: {} });
    expect(summary['attempted']).toBe(summary['succeeded']);
    expect(summary['attempted'] as number).toBeGreaterThanOrEqual(accounts);
  });

  test.each(cronRoutes)('answers 202 to the scheduler on %s when the slot is taken', async (route) => {
    for (const method of ['GET', 'POST']) {
      // Between two asks a new slot may begin, which is then free.
      const taken = await until(
        () => ask(product, route, cronSecret, method),
        ({ status }) => status !== 200,
      );
      expect([taken.status, await taken.json()]).toEqual([202, { outcome: 'taken' }]);
    }
  });

  test('lists every account once, page by page, to whoever has the key', async () => {
    for (const bearer of [undefined, cronSecret, `${apiKey}x`, ''])
      expect((await ask(product, '/api/v1/accounts', bearer)).status, bearer).toBe(401);
    const ids = (await listAccounts(product)).map(({ account_id }) => account_id);
    expect(ids).toHaveLength(30);
    expect(new Set(ids).size).toBe(30);
    const one = await ask(product, `/api/v1/accounts/${ids[0]}`, apiKey);
    expect(((await one.json()) as { data: Account }).data.account_id).toBe(ids[0]);
    expect((await ask(product, '/api/v1/accounts/act_1', apiKey)).status).toBe(404);
    expect((await ask(product, '/api/v1/accounts?limit=0', apiKey)).status).toBe(400);
  });

  test('describes itself to anyone', async () => {
    const response = await ask(product, '/api/openapi.json');
    const document = (await response.json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/v1/accounts');
  });

  test('shows a stranger nothing of the data, whatever he asks for', async () => {
    const accounts = await listAccounts(product);
    const secrets = accounts.flatMap(({ account_id, name }) => [account_id.slice(4), name]);
    expect(secrets).toHaveLength(60);
    const page = await ask(product, '/dashboard');
    expect([page.status, page.headers.get('location')]).toEqual([307, '/login']);
    const routes = ['/', '/dashboard', '/dashboard?_rsc=1', '/login', '/api/board', '/api/v1/events'];
    const unknown = ['/no-such-page', '/admin', '/accounts/act_1', '/dashboard/more', '/api/no-such-route'];
    for (const route of [...routes, ...unknown])
      for (const headers of [{}, { RSC: '1' }, { 'x-middleware-subrequest': 'src/middleware' }]) {
        const answer = await fetch(product.url + route, { redirect: 'manual', headers });
        if (unknown.includes(route)) expect([404, 307], route).toContain(answer.status);
        const text = await answer.text();
        expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
      }
  });

  test('refuses a second one on its folder and names itself', async () => {
    const refusal = await refusalOf(startProduct({ dataDir }));
    expect(refusal).toMatch(/the product ended with [1-9]/);
    expect(refusal).toMatch(new RegExp(`process ${product.pid}\\b`));
    expect((await health(product)).status).toBe(200);
  });

  test('ends within its time and leaves nothing behind', async () => {
    expect(pidsOf(dataDir, 'database')).toHaveLength(1);
    expect(pidsOf(dataDir, 'simulator')).toHaveLength(1);
    const tookMs = await product.stop();
    console.log(`stopped in ${Math.round(tookMs)} ms`);
    expect(await product.exited).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    expect(processesOf(dataDir)).toEqual([]);
  });
});

test('a second start answers a page soon; without a cron secret the cron routes say so', async () => {
  const startedMs = performance.now();
  const product = await start();
  const page = await ask(product, '/login');
  const text = await page.text();
  const tookMs = performance.now() - startedMs;
  console.log(`second start: a page after ${Math.round(tookMs)} ms, the goal is ${pageWithinMs} ms`);
  expect(page.status).toBe(200);
  expect(text).toContain('Sign in');
  // Other tests share the machine with this one.
  expect(tookMs).toBeLessThan(3 * pageWithinMs);
  for (const bearer of [undefined, 'undefined', 'null', ''])
    expect((await ask(product, '/api/cron/status', bearer, 'POST')).status).toBe(503);
  await product.stop();
});

test('a killed product leaves its database, and the next one adopts it with all that is in it', async () => {
  const first = await start();
  const before = await until(
    () => listAccounts(first),
    (accounts) => accounts.length === 30,
  );
  // A backend that was just forked bears the server's command line for a moment.
  const onlyDatabase = () =>
    until(
      () => pidsOf(dataDir, 'database'),
      (pids) => pids.length === 1,
    );
  const database = await onlyDatabase();
  await first.kill();
  await until(
    () => pidsOf(dataDir, 'simulator'),
    (simulators) => simulators.length === 0,
  );
  expect(await onlyDatabase()).toEqual(database);

  const second = await start();
  expect(await onlyDatabase()).toEqual(database);
  const identity = ({ account_id, date_added }: Account) => `${account_id} ${date_added}`;
  expect((await listAccounts(second)).map(identity)).toEqual(before.map(identity));
  await second.stop();
  expect(processesOf(dataDir)).toEqual([]);
});

test('wrong settings are named, not quoted, and stop the start', async () => {
  const env = { STATUS_SWEEP_SECONDS: '1', CRON_SECRET: 'short-secret', ARBHUB_API_KEY: 'tiny-key' };
  const refusal = await refusalOf(start(env));
  expect(refusal).toMatch(/the product ended with [1-9]/);
  expect(refusal).toContain('STATUS_SWEEP_SECONDS must be at least 5');
  expect(refusal).toContain('CRON_SECRET must have at least 32 characters');
  for (const value of [env.CRON_SECRET, env.ARBHUB_API_KEY]) expect(refusal).not.toContain(value);
  expect(processesOf(dataDir)).toEqual([]);
});

describe('with a Meta that does not answer yet', () => {
  let folder: string;
  let meta: Server;
  let isOpen = false;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'arbhub-starting-'));
    meta = createServer((_request, response) => {
      void until(
        () => isOpen || response.destroyed,
        (goesOn) => goesOn,
      ).then(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}'));
    });
    meta.listen(0, '127.0.0.1');
    await once(meta, 'listening');
  });
  afterAll(async () => {
    isOpen = true;
    await endProducts(folder);
    meta.closeAllConnections();
    meta.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('it is starting till the first cycle is through, and then it is well', async () => {
    const { port } = meta.address() as AddressInfo;
    const env = { META_GRAPH_URL: `http://127.0.0.1:${port}`, FB_ACCESS_TOKEN: 'token' };
    const product = await startProduct({ dataDir: folder, env });
    expect(pidsOf(folder, 'simulator')).toEqual([]);
    const nothing = { last_fb_sync: null, accounts_monitored: 0, success_rate: null };
    expect(await health(product)).toEqual({ status: 503, body: { status: 'starting', ...nothing } });
    isOpen = true;
    const well = await until(
      () => health(product),
      ({ status }) => status === 200,
    );
    const sync = expect.any(String) as string;
    expect(well.body).toEqual({ ...nothing, status: 'ok', last_fb_sync: sync });
    await product.stop();
  });
});
