import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProduct, type Product, type ProductOptions } from '../browser/product.ts';

/** The product as a process: how it starts, refuses, answers machines, dies and comes back. */

const apiKey = 'key-of-a-program-1';
const cronSecret = 'a secret of thirty-two characters';
let dataDir: string;
const running: Product[] = [];

async function start(options: ProductOptions = {}): Promise<Product> {
  const product = await startProduct({ dataDir, ...options });
  running.push(product);
  return product;
}

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbhub-process-'));
});

afterAll(async () => {
  for (const product of running) await product.kill().catch(() => {});
  // A server left by a product that was killed is adopted and then ended by one that stops politely.
  if (processesOf(dataDir).length > 0) await (await startProduct({ dataDir })).stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Command lines of living processes that name this folder. */
function processesOf(folder: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line.includes(folder));
}

async function until<T>(read: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const value = await read();
    if (isGood(value)) return value;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const health = async (product: Product) => {
  const response = await fetch(`${product.url}/api/health`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('a running product', () => {
  let product: Product;
  beforeAll(async () => {
    product = await start({ env: { ARBHUB_API_KEY: apiKey, CRON_SECRET: cronSecret } });
    await until(
      () => health(product),
      ({ body }) => body['accounts_monitored'] === 30 && body['last_fb_sync'] !== null,
    );
  });

  const ask = (route: string, bearer?: string, method = 'GET') =>
    fetch(`${product.url}${route}`, {
      method,
      redirect: 'manual',
      ...(bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } }),
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

  test.each(['status', 'metrics', 'alerts', 'daily'])('guards and runs the cron route %s', async (kind) => {
    const route = `/api/cron/${kind}`;
    expect((await ask(route)).status).toBe(401);
    expect((await ask(route, 'something else', 'POST')).status).toBe(401);
    expect((await ask(route, apiKey)).status).toBe(401);
    const first = await ask(route, cronSecret, 'POST');
    expect([200, 202]).toContain(first.status);
    const second = await ask(route, cronSecret);
    expect(second.status).toBe(202);
    expect(await second.json()).toEqual({ outcome: 'taken' });
  });

  test('lists every account once, page by page, to whoever has the key', async () => {
    expect((await ask('/api/v1/accounts')).status).toBe(401);
    expect((await ask('/api/v1/accounts', cronSecret)).status).toBe(401);
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = (await (
        await ask(`/api/v1/accounts?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`, apiKey)
      ).json()) as { data: { account_id: string }[]; next_cursor: string | null };
      ids.push(...page.data.map(({ account_id }) => account_id));
      cursor = page.next_cursor;
    }
    expect(new Set(ids).size).toBe(30);
    expect(ids).toHaveLength(30);
    const one = await ask(`/api/v1/accounts/${ids[0]}`, apiKey);
    expect(((await one.json()) as { data: { account_id: string } }).data.account_id).toBe(ids[0]);
    expect((await ask('/api/v1/accounts/act_1', apiKey)).status).toBe(404);
    expect((await ask('/api/v1/accounts?limit=0', apiKey)).status).toBe(400);
  });

  test('describes itself, and shows no page to strangers', async () => {
    const document = (await (await ask('/api/openapi.json')).json()) as { openapi: string; paths: object };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/api/v1/accounts');
    const page = await ask('/dashboard');
    expect([page.status, page.headers.get('location')]).toEqual([307, '/login']);
    expect((await ask('/api/board')).status).toBe(401);
  });

  test('refuses a second one on its folder and names itself', async () => {
    await expect(startProduct({ dataDir })).rejects.toThrow(String(product.pid));
    expect((await health(product)).status).toBe(200);
  });

  test('ends within its time and leaves nothing behind', async () => {
    const tookMs = await product.stop();
    console.log(`stopped in ${Math.round(tookMs)} ms`);
    expect(await product.exited).toBe(0);
    expect(tookMs).toBeLessThan(10_000);
    expect(processesOf(dataDir)).toEqual([]);
  });
});

test('a killed product leaves its database, and the next one adopts it with all that is in it', async () => {
  const first = await start();
  await until(
    () => health(first),
    ({ body }) => body['accounts_monitored'] === 30,
  );
  await first.kill();
  expect(processesOf(dataDir).some((line) => line.includes('postgres'))).toBe(true);
  const startedMs = performance.now();
  const second = await start();
  console.log(`second start: ready after ${Math.round(performance.now() - startedMs)} ms`);
  expect((await health(second)).body).toMatchObject({ accounts_monitored: 30 });
  await until(
    () => Promise.resolve(processesOf(dataDir).filter((line) => line.includes('simulator/main.ts')).length),
    (simulators) => simulators === 1,
  );
  await second.stop();
  expect(processesOf(dataDir)).toEqual([]);
});

test('a wrong setting is named, not quoted, and stops the start', async () => {
  const env = { STATUS_SWEEP_SECONDS: '1', CRON_SECRET: 'short-secret' };
  const refusal = await startProduct({ dataDir, env }).then(
    () => 'started',
    (error: unknown) => String(error),
  );
  expect(refusal).toContain('STATUS_SWEEP_SECONDS must be at least 5');
  expect(refusal).toContain('CRON_SECRET must have at least 32 characters');
  expect(refusal).not.toContain('short-secret');
});

test('without a cron secret the cron routes say that they are not set up', async () => {
  const product = await start();
  expect((await fetch(`${product.url}/api/cron/status`, { method: 'POST' })).status).toBe(503);
  await product.stop();
});
