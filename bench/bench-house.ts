import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase } from '../src/adapters/database/connect.ts';
import { startEmbedded } from '../src/adapters/database/embedded.ts';
import { migrate } from '../src/adapters/database/migrate.ts';
import { parseConfig } from '../src/server/config.ts';
import { furnish } from '../src/server/furnish.ts';
import { buildHouse, type Deps } from '../src/server/house.ts';
import type { Log } from '../src/ports/log.ts';

const root = path.resolve(import.meta.dirname, '..');
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A process that prints `ready <port>`; ended by `stop`. */
export async function startServer(
  file: string,
  args: string[],
): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, file), ...args], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^ready (\d+)$/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** An embedded database of its own with all migrations, with durable writes as in production. */
export async function benchDatabase() {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'arbhub-bench-'));
  const server = await startEmbedded({ dataDir, holder: 'product', log: silent });
  const database = connectDatabase({ to: server.target });
  await migrate(database, path.join(root, 'supabase/migrations'));
  return {
    database,
    target: server.target,
    dataDir,
    async stop() {
      await database.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The product on a Graph address, without its web server. `moveOn` brings the next slot of each cadence at once. */
export async function benchHouse(
  graphUrl: string,
  database: Awaited<ReturnType<typeof benchDatabase>>['database'],
) {
  const config = parseConfig(
    {
      FB_ACCESS_TOKEN: 'bench',
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      META_GRAPH_URL: graphUrl,
      METRICS_CYCLE_SECONDS: '5',
    },
    false,
  );
  const house = buildHouse(config, database, silent, null);
  let aheadMs = 0;
  const deps: Deps = {
    ...house,
    clock: { ...house.clock, now: async () => (await house.clock.now()) + aheadMs },
  };
  await furnish(deps);
  return { deps, moveOn: (ms: number) => (aheadMs += ms) };
}

export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
