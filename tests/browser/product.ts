import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');

export const admin = { email: 'owner@example.com', password: 'a board for tired people' };

/** The product as `npm start` runs it, in a folder of its own. */
export interface Product {
  url: string;
  pid: number;
  dataDir: string;
  output(): string;
  /** Ends it politely; answers how long that took, in milliseconds. */
  stop(): Promise<number>;
  kill(): Promise<void>;
  exited: Promise<number | null>;
}

export interface ProductOptions {
  env?: Record<string, string>;
  /** A folder that an earlier product left; kept when this one ends. */
  dataDir?: string;
}

/** Starts the built product and waits till it says that it is ready. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'arbhub-product-')));
  const port = await freePort();
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_ENV: 'production',
      PORT: String(port),
      ARBHUB_DATA_DIR: dataDir,
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
      // No test asks anybody outside of this machine.
      EXCHANGE_RATES_URL: 'none',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (output.includes('ArbHub is ready')) resolve();
    });
    void exited.then((code) => reject(new Error(`the product ended with ${code}:\n${output}`)));
  });
  const cleanUp = async () => {
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url: `http://localhost:${port}`,
    pid: child.pid ?? 0,
    dataDir,
    output: () => output,
    exited,
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      await exited;
      await cleanUp();
      return performance.now() - startedAt;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Signs in with the form, as a person does. */
export async function signIn(page: Page, url: string, who = admin): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('Email').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/dashboard');
}
