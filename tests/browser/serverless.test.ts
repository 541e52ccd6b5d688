import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatTarget } from '../../src/adapters/database/connection-target.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/adapters/database/embedded.ts';
import { startSimulator, type Simulator } from '../../src/adapters/simulation/simulator-process.ts';
import { runArbhub } from '../flows/arbhub-process.ts';
import { until } from '../flows/until.ts';
import { findPgbouncer, startPgbouncer, type Pooler } from '../pgbouncer.ts';
import { slackReceiver, type SlackReceiver } from '../slack-receiver.ts';
import { launchBrowser } from './launch.ts';
import { admin, signIn } from './product.ts';

/**
 * The build as a serverless platform runs it: Next's own handlers and nothing of ours around them, so no timers, no WebSocket
 * and no data directory; a directory that it may not write to; the database behind PgBouncer in transaction mode; crons by
 * HTTP. What only the platform itself has cannot be tried here: its regions, its limits of time and memory, its own cron.
 */

const root = path.resolve(import.meta.dirname, '../..');
const cronSecret = 'a secret of thirty-two characters';
const found = findPgbouncer();
const children: ChildProcess[] = [];
let folder: string;
let server: EmbeddedServer;
let pooler: Pooler | null = null;
let meta: Simulator;
let slack: SlackReceiver;
let url: string;
let env: Record<string, string>;
let browser: Browser;
let page: Page;
let filesBefore: string[];

/** Every file of the build with the moment of its last change. */
async function listBuild(): Promise<string[]> {
  const files = await readdir(path.join(root, '.next'), { recursive: true, withFileTypes: true });
  const named = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
  return Promise.all(named.map(async (file) => `${file} ${(await stat(file)).mtimeMs}`));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** `next start` under a user who may change nothing here, where this process can choose one. */
async function startHandlers(
  settings: Record<string, string>,
): Promise<{ url: string; output: () => string }> {
  const port = await freePort();
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '--port', String(port), '--hostname', '127.0.0.1'],
    {
      cwd: root,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: '/nonexistent',
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...nobody,
    },
  );
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  await until(
    () => output,
    (text) => text.includes('Ready in') || child.exitCode !== null,
    60_000,
  );
  if (child.exitCode !== null) throw new Error(output);
  return { url: `http://localhost:${port}`, output: () => output };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-serverless-'));
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  server = await startEmbedded({ dataDir: folder, holder: 'product', log });
  if ('program' in found) pooler = await startPgbouncer(found.program, server.target, [server.target.user]);
  else console.log(`without a pooler: ${found.missing}`);
  [meta, slack] = await Promise.all([
    startSimulator({
      main: path.join(root, 'simulator/main.ts'),
      stateFile: path.join(folder, 'simulation.json'),
      log,
    }),
    slackReceiver(),
  ]);
  env = {
    DATABASE_URL: pooler?.url(server.target.database) ?? formatTarget(server.target),
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    CRON_SECRET: cronSecret,
    FB_ACCESS_TOKEN: 'serverless',
    META_GRAPH_URL: meta.graphUrl,
    SLACK_WEBHOOK_URL: slack.url,
    EXCHANGE_RATES_URL: 'none',
    STATUS_SWEEP_SECONDS: '5',
    METRICS_CYCLE_SECONDS: '5',
  };
  // What an operator does from his own machine: the tables, and somebody of the team.
  const added = await runArbhub(['user', 'add', '--email', 'partner@example.com', '--role', 'viewer'], {
    env,
    input: admin.password,
  });
  expect(added.code, added.output).toBe(0);
  filesBefore = await listBuild();
  ({ url } = await startHandlers({ ...env, ADMIN_EMAIL: admin.email, ADMIN_PASSWORD: admin.password }));
  browser = await launchBrowser();
  page = await browser.newPage();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([meta?.stop(), slack?.close()]);
  await pooler?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const cron = (kind: string, secret = cronSecret) =>
  fetch(`${url}/api/cron/${kind}`, { headers: { authorization: `Bearer ${secret}` } });

/** As the platform's cron does, again and again, till a free slot was run. */
async function run(kind: string): Promise<Record<string, unknown>> {
  const answer = await until(
    () => cron(kind),
    ({ status }) => status !== 202,
    20_000,
  );
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

test('nothing runs by itself; each cron does its part, and nobody else can set it off', async () => {
  expect((await cron('status', 'x'.repeat(32))).status).toBe(401);
  expect((await (await fetch(`${url}/api/health`)).json()) as object).toMatchObject({
    accounts_monitored: 0,
    status: 'starting',
  });
  for (const kind of ['status', 'metrics', 'alerts', 'daily']) {
    const startedMs = performance.now();
    const { outcome } = await run(kind);
    expect([kind, outcome]).toEqual([kind, 'ran']);
    expect(performance.now() - startedMs).toBeLessThan(60_000);
  }
  expect(await (await fetch(`${url}/api/health`)).json()).toMatchObject({
    status: 'ok',
    accounts_monitored: 30,
    success_rate: 1,
  });
});

test('a person signs in with the embedded sign-in and sees the board, without a live line', async () => {
  await page.clock.install();
  await signIn(page, url);
  await expect.poll(() => page.getByRole('article').count()).toBe(30);
});

test('a ban reaches Slack by the next cron, and the open board by polling', async () => {
  const suspended = () => page.getByRole('article', { name: /suspended/i }).count();
  const before = await suspended();
  const told = slack.messages.length;
  const answer = await fetch(`${meta.graphUrl}/__sim/scenarios`, {
    method: 'POST',
    body: JSON.stringify({ kind: 'suspend_one' }),
  });
  expect(answer.ok).toBe(true);
  await run('status');
  expect(slack.messages.length).toBeGreaterThan(told);
  // The pauses between two tries of the live line grow up to half a minute.
  const aMinuteLater = async () => {
    await page.clock.fastForward(60_000);
    return suspended();
  };
  await expect.poll(aMinuteLater, { interval: 500 }).toBe(before + 1);
});

test('it has written nothing beside the database', async () => {
  expect(await listBuild()).toEqual(filesBefore);
});

test('without the key that nothing here can keep, it says what is missing', async () => {
  const without = await startHandlers({ ...env, ENCRYPTION_KEY: '' });
  expect((await fetch(`${without.url}/api/health`)).status).toBe(500);
  expect(without.output()).toContain('ENCRYPTION_KEY is needed where there is no disk to keep a key on');
});
