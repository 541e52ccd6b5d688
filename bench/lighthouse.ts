import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../scripts/find-browser.mjs';
import { signIn } from '../tests/browser/product.ts';
import { median } from './bench-house.ts';
import type { Row } from './row.ts';

/** What is used of Lighthouse; the package is too large to be everybody's, see CONTRIBUTING.md. */
type Lighthouse = (
  url: string,
  options: object,
) => Promise<{ lhr: { categories: { performance: { score: number | null } } } } | undefined>;

const runs = 3;

/** Lighthouse's mobile performance of the board, 0 to 100; no row where the package is not installed. */
export async function benchLighthouse(productUrl: string): Promise<Row[]> {
  const name = 'lighthouse';
  const found = (await import(name).catch(() => null)) as { default: Lighthouse } | null;
  const executablePath = findBrowser();
  if (found === null || executablePath === null) {
    console.log('Lighthouse is not installed and left out: npm i --no-save lighthouse@12.8.2');
    return [];
  }
  const port = await freePort();
  const dir = await mkdtemp(path.join(tmpdir(), 'arbhub-lighthouse-'));
  const context = await chromium.launchPersistentContext(dir, {
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--no-first-run', `--remote-debugging-port=${port}`],
    ],
  });
  try {
    const page = await context.newPage();
    await signIn(page, productUrl);
    await page.goto('about:blank');
    const scores: number[] = [];
    for (let run = 0; run < runs; run++) {
      await (await context.newCDPSession(page)).send('Network.clearBrowserCache');
      const result = await found.default(`${productUrl}/dashboard`, {
        ...{ port, output: 'json', onlyCategories: ['performance'], disableStorageReset: true },
        logLevel: 'error',
      });
      scores.push((result?.lhr.categories.performance.score ?? NaN) * 100);
    }
    return [
      {
        ...{ name: 'board, 100 accounts: Lighthouse mobile performance', value: median(scores), unit: '' },
        ...{ baseline: 95, baselineName: 'the least' },
      },
    ];
  } finally {
    await context.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
