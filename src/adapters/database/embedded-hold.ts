/** Who uses an embedded server: locks of a session, which die with the process that holds them. */
import type { Sql } from '../../ports/sql.ts';
import { connectOnce } from './connect.ts';
import type { ConnectionTarget } from './connection-target.ts';
import { pause } from './embedded-process.ts';

/** A product is the one server process of a data directory; guests work beside it. */
export type Holder = 'product' | 'guest';

export interface Hold {
  /** True when nobody else is left: the door is then shut to newcomers until the server has stopped. */
  shutDoor(): Promise<boolean>;
  release(): Promise<void>;
}

export class DataDirInUseError extends Error {}

/** The space of our locks in the database "postgres", where nothing else of ours locks. */
const lockSpace = 420_260_115;
const productLock = 1;
const presenceLock = 2;
/** A killed product's lock is gone within milliseconds; one that is stopping needs a little more. */
const patienceMs = 1_000;

/**
 * Says that we use the server. Undefined when it is about to stop: start over.
 * Throws `DataDirInUseError` when another product has it.
 */
export async function takeHold(
  target: ConnectionTarget,
  holder: Holder,
  dataDir: string,
  onLost: () => void,
): Promise<Hold | undefined> {
  let isOver = true;
  const { sql, end } = connectOnce(target, `arbhub ${holder} ${process.pid}`, () => {
    if (!isOver) onLost();
  });
  try {
    const [door] = await sql<{ isOpen: boolean }>`
      select pg_try_advisory_lock_shared(${lockSpace}::int, ${presenceLock}::int) as "isOpen"`;
    if (!door?.isOpen) {
      await end();
      return undefined;
    }
    if (holder === 'product') await becomeProduct(sql, dataDir);
  } catch (error) {
    await end();
    if (isConnectionFault(error)) return undefined;
    throw error;
  }
  isOver = false;
  return {
    shutDoor: () => shutDoor(sql),
    async release() {
      isOver = true;
      await end();
    },
  };
}

async function becomeProduct(sql: Sql, dataDir: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const [lock] = await sql<{ isOurs: boolean }>`
      select pg_try_advisory_lock(${lockSpace}::int, ${productLock}::int) as "isOurs"`;
    if (lock?.isOurs) return;
    if (performance.now() > deadline) break;
    await pause(50);
  }
  const [holder] = await sql<{ name: string }>`
    select activity.application_name as name
    from pg_locks lock join pg_stat_activity activity on activity.pid = lock.pid
    where lock.locktype = 'advisory' and lock.granted and lock.mode = 'ExclusiveLock'
      and lock.classid = ${lockSpace}::oid and lock.objid = ${productLock}::oid`;
  const pid = /\d+$/.exec(holder?.name ?? '')?.[0] ?? 'unknown';
  throw new DataDirInUseError(
    `ArbHub already runs on ${dataDir} (process ${pid}). Stop it first, or set ARBHUB_DATA_DIR to another place.`,
  );
}

async function shutDoor(sql: Sql): Promise<boolean> {
  await sql`select pg_advisory_unlock_shared(${lockSpace}::int, ${presenceLock}::int)`;
  const [door] = await sql<{ isShut: boolean }>`
    select pg_try_advisory_lock(${lockSpace}::int, ${presenceLock}::int) as "isShut"`;
  return door?.isShut === true;
}

/** Class 57P: the server is stopping or starting. The others: it is gone already. */
function isConnectionFault(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code);
  return /^(57P0|CONNECTION_|CONNECT_|ECONN|ENOENT|EPIPE)/.test(code);
}
