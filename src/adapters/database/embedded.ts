import type { Log } from '../../ports/log.ts';
import { connectDatabase } from './connect.ts';
import type { ConnectionTarget } from './connection-target.ts';
import { DataDirInUseError, type Hold, type Holder, takeHold } from './embedded-hold.ts';
import { preparePlace } from './embedded-place.ts';
import { ensureRunning, pause, stopServer } from './embedded-process.ts';

const databaseName = 'arbhub';

export interface EmbeddedOptions {
  dataDir: string;
  holder: Holder;
  log: Log;
  /** Server settings over the usual ones, for a server started now. */
  settings?: Record<string, string>;
}

export interface EmbeddedServer {
  /** For `connectDatabase`. */
  readonly target: ConnectionTarget;
  /** Ends our use. A product stops the server; a guest does when nobody else is left. */
  stop(): Promise<void>;
}

/**
 * Gives a running PostgreSQL in `dataDir`: made at the first start, adopted when a killed predecessor left it behind.
 * A second product on the directory is refused with a `DataDirInUseError` that names the first one's process.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDir, holder, log } = options;
  const place = await preparePlace(dataDir);
  let isStopping = false;
  let hold: Hold | undefined;

  async function enter(): Promise<ConnectionTarget> {
    for (;;) {
      const target = await ensureRunning(place, options.settings ?? {}, log);
      hold = await takeHold(target, holder, place.dataDir, lost);
      if (hold) return target;
      await pause(50);
    }
  }

  function lost(): void {
    hold = undefined;
    if (isStopping || holder === 'guest') return;
    log.warn('embedded database lost, starting it again');
    returning = comeBack();
  }

  /** The server died under a living product: without its lock a second product could enter. */
  async function comeBack(): Promise<void> {
    for (let delayMs = 100; !isStopping; delayMs = Math.min(delayMs * 2, 5_000)) {
      try {
        await enter();
        if (isStopping) await leave();
        else log.info('embedded database is back');
        return;
      } catch (error) {
        log.error('embedded database did not come back', { error: String(error) });
        if (error instanceof DataDirInUseError) return;
      }
      await pause(delayMs);
    }
  }

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    await Promise.race([returning, pause(1_000)]);
    await leave();
  }

  async function leave(): Promise<void> {
    const last = hold;
    if (!last) return;
    hold = undefined;
    const mayStop = holder === 'product' || (await last.shutDoor().catch(() => false));
    if (mayStop) await stopServer(place);
    await last.release();
  }

  let returning: Promise<void> | undefined;
  const target = await enter();
  try {
    await ensureDatabase(target);
  } catch (error) {
    await stop();
    throw error;
  }
  return { target: { ...target, database: databaseName }, stop };
}

async function ensureDatabase(target: ConnectionTarget): Promise<void> {
  const database = connectDatabase({ to: target, maxConnections: 1 });
  try {
    const [found] = await database.sql`select 1 from pg_database where datname = ${databaseName}`;
    if (!found) await database.script(`create database ${databaseName}`);
  } catch (error) {
    // A guest that started beside us made it first.
    if (!['42P04', '23505'].includes(String((error as { code?: unknown }).code))) throw error;
  } finally {
    await database.close();
  }
}
