import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connectDatabase } from '../adapters/database/connect.ts';
import { startEmbedded } from '../adapters/database/embedded.ts';
import { migrate } from '../adapters/database/migrate.ts';
import { startSimulator } from '../adapters/simulation/simulator-process.ts';
import { ensureFirstAdmin, type FirstAdmin } from '../services/members/ensure-first-admin.ts';
import { listConnections } from '../store/connections.ts';
import { furnish } from './furnish.ts';
import { readConfig } from './config.ts';
import { buildHouse, moveIn } from './house.ts';
import { buildKeeping } from './keeping.ts';
import { jsonLog } from './log.ts';
import { startScheduler } from './scheduler.ts';
import { live } from './process-life.ts';
import { checkAtStart } from './triggers.ts';
import { serveWeb } from './web-server.ts';

/** The self-hosted product in one process: database, simulated Meta where asked for, web server, live line, scheduler. */

const root = path.resolve(import.meta.dirname, '../..');

export async function main(options: { dev: boolean }): Promise<void> {
  const settings = readConfig();
  const config = { ...settings, dataDir: path.resolve(root, settings.dataDir) };
  const { dataDir } = config;
  const log = jsonLog((line) => process.stdout.write(line));
  await live(log, async (undo) => {
    await mkdir(dataDir, { recursive: true });
    const embedded =
      config.databaseUrl === null ? await startEmbedded({ dataDir, holder: 'product', log }) : null;
    if (embedded !== null) undo.push(() => embedded.stop());
    const to = embedded?.target ?? config.databaseUrl ?? '';
    const database = connectDatabase({
      to,
      applicationName: 'arbhub',
      log,
    });
    undo.push(() => database.close());
    const migrations = path.join(root, 'supabase/migrations');
    await migrate(database, migrations);

    const isConnected =
      config.meta.token !== null || (await listConnections(database.sql)).some(({ kind }) => kind === 'meta');
    const isSimulated = config.simulation === 'on' || (config.simulation === 'auto' && !isConnected);
    const simulator = isSimulated
      ? await startSimulator({
          main: path.join(root, 'simulator/main.ts'),
          stateFile: path.join(dataDir, 'simulation.json'),
          log,
        })
      : null;
    if (simulator !== null) undo.push(() => simulator.stop());

    const keeping = buildKeeping(config, { dataDir, database: to, migrations });
    const deps = buildHouse(config, database, log, simulator, { keeping, hasOwnServer: true });
    deps.sealer.prepare();
    await furnish(deps);
    moveIn(deps);
    const admin = await ensureFirstAdmin(deps);

    undo.push(await serveWeb(deps, root, options.dev));
    undo.push(startScheduler(deps));
    undo.push(checkAtStart(deps));
    process.stdout.write(greeting(config.appUrl, isSimulated && !isConnected, admin));
  });
}

function greeting(appUrl: URL, isSimulated: boolean, admin: FirstAdmin): string {
  const source = isSimulated
    ? 'Figures come from a simulated Meta. Set FB_ACCESS_TOKEN to watch real accounts, or add a connection.'
    : 'Watching Meta; npm run arbhub -- connection list tells through what.';
  const welcome =
    admin.kind === 'link'
      ? `Create the first admin (this link works once, for a day): ${admin.url}`
      : admin.kind === 'created'
        ? `Sign in as ${admin.email} with the password in ADMIN_PASSWORD.`
        : 'Sign in with your e-mail and password.';
  return `\n  ArbHub is ready: ${appUrl.href}\n  ${welcome}\n  ${source}\n\n`;
}
