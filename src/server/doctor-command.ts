import { existsSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { connectDatabase, type PostgresDatabase } from '../adapters/database/connect.ts';
import { startEmbedded } from '../adapters/database/embedded.ts';
import { isHealthy } from '../domain/doctor.ts';
import type { Finding } from '../domain/doctor-facts.ts';
import { tellObstacle, type Obstacle } from '../domain/doctor-obstacles.ts';
import type { Log } from '../ports/log.ts';
import { examine, type MachineFacts } from '../services/upkeep/examine.ts';
import { listApplied, readServer } from '../store/doctor.ts';
import type { BareCommand } from './command.ts';
import { readConfig, type Config } from './config.ts';
import { buildHouse } from './house.ts';
import { buildKeeping } from './keeping.ts';

const patienceMs = 20_000;
const pagePatienceMs = 5_000;
const oldestServer = 150_000;
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Looks at an installation from outside: it must work when nothing else does, and changes nothing. */
export const doctorCommand: BareCommand = {
  usage: 'doctor',
  does: 'says what is wrong, why it matters and how to mend it; changes nothing',
  run: findAll,
  verdict(rows) {
    const findings = rows as Finding[];
    const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
    return {
      isGood: isHealthy(findings),
      says: `${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`,
    };
  },
};

async function findAll(root: string): Promise<Finding[]> {
  let settings: Config;
  try {
    settings = readConfig();
  } catch (error) {
    const lines = messageOf(error).split('\n').slice(1);
    return tellObstacle({ kind: 'settings', lines: lines.map((line) => line.trim()) });
  }
  const config = { ...settings, dataDir: path.resolve(root, settings.dataDir) };
  if (config.databaseUrl === null && !existsSync(path.join(config.dataDir, 'database')))
    return tellObstacle({ kind: 'not_begun' });
  let embedded: Awaited<ReturnType<typeof startEmbedded>> | null = null;
  try {
    if (config.databaseUrl === null)
      embedded = await startEmbedded({ dataDir: config.dataDir, holder: 'guest', log: silent });
  } catch (error) {
    return tellObstacle({ kind: 'unreachable', problem: messageOf(error) });
  }
  const to = embedded?.target ?? config.databaseUrl ?? '';
  const database = connectDatabase({ to, maxConnections: 2, applicationName: 'arbhub doctor' });
  try {
    const seen = await inTime(readServer(database.sql)).catch((error: unknown) => messageOf(error));
    if (typeof seen === 'string') return tellObstacle({ kind: 'unreachable', problem: seen });
    const obstacle = await findObstacle(database, seen, root);
    if (obstacle !== null) return tellObstacle(obstacle);
    const migrations = path.join(root, 'supabase/migrations');
    const keeping = buildKeeping(config, { dataDir: config.dataDir, database: to, migrations });
    const deps = buildHouse(config, database, silent, null, { keeping });
    const backups =
      keeping.backups === null ? null : { shelf: keeping.backups.shelf, isHourly: keeping.isHourly };
    // The database's answer took a moment; half of that is what matters, and it is little.
    const skewMs = Math.round(
      performance.timeOrigin + performance.now() - (await readServer(database.sql)).now,
    );
    return await examine(
      { ...deps, backups },
      await lookAround(config, skewMs),
      AbortSignal.timeout(patienceMs),
    );
  } finally {
    await database.close();
    await embedded?.stop();
  }
}

/** What makes it useless to look into the tables. */
async function findObstacle(
  database: PostgresDatabase,
  { number, version }: { number: number; version: string },
  root: string,
): Promise<Obstacle | null> {
  if (number < oldestServer) return { kind: 'old_server', version };
  const files = (await readdir(path.join(root, 'supabase/migrations'))).filter((file) =>
    file.endsWith('.sql'),
  );
  const own = files.map((file) => file.slice(0, 14)).sort();
  const applied = await listApplied(database.sql);
  const newer = applied.filter((one) => one > (own.at(-1) ?? ''));
  if (newer.length > 0) return { kind: 'ahead', newer };
  const missing = own.filter((one) => !applied.includes(one));
  return missing.length > 0 ? { kind: 'behind', missing } : null;
}

async function lookAround(config: Config, skewMs: number): Promise<MachineFacts> {
  const { appUrl, dataDir, encryptionKeys, meta, databaseUrl } = config;
  const keyFile = path.join(dataDir, 'encryption.key');
  return {
    skewMs,
    disk: await readDisk(dataDir),
    isServed: await isServed(appUrl),
    settings: {
      isEmbedded: databaseUrl === null,
      keyFrom: encryptionKeys.current !== null ? 'settings' : existsSync(keyFile) ? 'file' : null,
      hasHeartbeat: config.heartbeatUrl !== null,
      hasApp: meta.appId !== null && meta.appSecret !== null,
      hasBucket: config.s3 !== null,
      isHttps: appUrl.protocol === 'https:',
      isLocal: ['localhost', '127.0.0.1', '[::1]'].includes(appUrl.hostname),
      hasCronSecret: config.cronSecret !== null,
    },
  };
}

async function readDisk(dataDir: string): Promise<MachineFacts['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(dataDir);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** Whether it is ArbHub that answers there, well or not. */
async function isServed(appUrl: URL): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/api/health', appUrl), {
      signal: AbortSignal.timeout(pagePatienceMs),
    });
    return 'last_fb_sync' in ((await answer.json()) as object);
  } catch {
    return false;
  }
}

/** A database that swallows the question must not hold the doctor up. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
