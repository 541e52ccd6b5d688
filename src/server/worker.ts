import path from 'node:path';
import { connectDatabase } from '../adapters/database/connect.ts';
import { migrate } from '../adapters/database/migrate.ts';
import { countFleet } from '../store/operator.ts';
import { type ServiceCommand } from './command.ts';
import { readConfig, type Config } from './config.ts';
import { furnishFromSettings } from './furnish.ts';
import { buildHouse } from './house.ts';
import { buildKeeping, nothingKept } from './keeping.ts';
import { jsonLog } from './log.ts';
import { live } from './process-life.ts';
import { startScheduler } from './scheduler.ts';
import { checkAtStart } from './triggers.ts';

/** A process that reads and sends, and serves no pages: any number of them share one PostgreSQL by lease. */
export const workerCommand: ServiceCommand = {
  usage: 'worker',
  does: 'reads and sends until it is stopped, beside others on the same DATABASE_URL; it serves no pages',
  serve,
};

async function serve(root: string): Promise<void> {
  const config = readConfig();
  const to = sharedDatabase(config);
  const log = jsonLog((line) => process.stdout.write(line));
  await live(log, async (undo) => {
    const database = connectDatabase({ to, applicationName: 'arbhub worker', log });
    undo.push(() => database.close());
    const migrations = path.join(root, 'supabase/migrations');
    await migrate(database, migrations);
    if ((await countFleet(database.sql)).simulated > 0) throw new Error(onlySimulated);
    // On a disk of its own each worker would archive other days; a bucket they share.
    const keeping =
      config.s3 === null
        ? nothingKept
        : buildKeeping(config, { dataDir: config.dataDir, database: to, migrations });
    const deps = buildHouse(config, database, log, null, { keeping });
    deps.sealer.prepare();
    await furnishFromSettings(deps);
    undo.push(startScheduler(deps));
    undo.push(checkAtStart(deps));
    log.info('worker is ready', { owner: deps.owner });
  });
}

const onlySimulated =
  'The simulated Meta answers only the process of npm start that runs it. ' +
  'Connect a real Meta, end the simulation (npm run arbhub -- simulation end), then start workers.';

/** The address of the database that is shared; throws what a worker lacks. */
function sharedDatabase({ databaseUrl, encryptionKeys }: Config): string {
  if (databaseUrl === null)
    throw new Error('A worker needs DATABASE_URL: the PostgreSQL that it shares with the others.');
  if (encryptionKeys.current === null)
    throw new Error(
      'A worker needs ENCRYPTION_KEY, the same for all processes; one that was made in a data directory can be put there ' +
        '(the content of encryption.key).',
    );
  return databaseUrl;
}
