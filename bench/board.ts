import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { launchBrowser } from '../tests/browser/launch.ts';
import { signIn, startProduct } from '../tests/browser/product.ts';
import { startServer } from './bench-house.ts';
import { measurePage } from './page-load.ts';
import { benchLighthouse } from './lighthouse.ts';
import type { Row } from './row.ts';

const root = path.resolve(import.meta.dirname, '..');
const accounts = 100;

/** What the board costs on a slow phone, against a bare page of the same framework with as many static cards. */
export async function benchBoard(): Promise<Row[]> {
  spawnSync('npx', ['next', 'build', path.join(root, 'bench/bare-page')], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: 'ignore',
  });
  const simulator = await startServer('simulator/main.ts', ['--port', '0', '--accounts', String(accounts)]);
  const bare = await startServer('bench/bare-page/serve.mjs', []);
  const product = await startProduct({ env: { FB_ACCESS_TOKEN: 'bench', META_GRAPH_URL: simulator.url } });
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await signIn(await context.newPage(), product.url);
    const state = await context.storageState();
    await context.close();
    const baseline = await measurePage(browser, bare.url, null);
    const board = await measurePage(browser, `${product.url}/dashboard`, state);
    const quick = await measurePage(browser, `${product.url}/dashboard`, state, '4g');
    const row = (name: string, unit: string, pick: (load: typeof board) => number): Row => ({
      name: `board, ${accounts} accounts: ${name}`,
      value: pick(board),
      unit,
      baseline: pick(baseline),
      baselineName: 'a bare Next page',
    });
    return [
      row('JavaScript', 'KB', (l) => l.scriptKb),
      row('all bytes', 'KB', (l) => l.totalKb),
      row('largest paint', 'ms', (l) => l.lcpMs),
      row('all cards in the page', 'ms', (l) => l.allCardsMs),
      row('requests', 'requests', (l) => l.requests),
      {
        ...row('blocking time', 'ms', (l) => l.blockedMs),
        ...{ baseline: baseline.blockedMs + 50, baselineName: 'a bare Next page + 50 ms' },
      },
      { ...row('layout shift', '', (l) => l.shift), baseline: 0.02, baselineName: 'the limit' },
      {
        ...row('all cards in the page, 4G', 'ms', () => quick.allCardsMs),
        ...{ baseline: 500, baselineName: 'the limit' },
      },
      ...(await benchLighthouse(product.url)),
    ];
  } finally {
    await browser.close();
    await product.stop();
    await bare.stop();
    await simulator.stop();
  }
}
