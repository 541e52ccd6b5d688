/** Starts one throw-away database server for a run of the integration tests, with a migrated template in it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Log } from '../src/ports/log.ts';
import { connectDatabase } from '../src/adapters/database/connect.ts';
import type { ConnectionTarget } from '../src/adapters/database/connection-target.ts';
import { type EmbeddedServer, startEmbedded } from '../src/adapters/database/embedded.ts';
import { migrate } from '../src/adapters/database/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: ConnectionTarget;
  }
}

export const templateName = 'template_arbhub';

const prefix = 'arbhub-test-';
const migrations = fileURLToPath(new URL('../supabase/migrations', import.meta.url));
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Vitest calls this before the first test file and the returned function after the last. */
export default async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  await sweepKilledRuns();
  const dataDir = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const server = await start(dataDir);
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('databaseServer', server.target);
  return stop;
}

function start(dataDir: string): Promise<EmbeddedServer> {
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
  };
  return startEmbedded({ dataDir, holder: 'product', log: silent, settings });
}

async function makeTemplate({ target }: EmbeddedServer): Promise<void> {
  const admin = connectDatabase({ to: target, maxConnections: 1 });
  const template = connectDatabase({ to: { ...target, database: templateName }, maxConnections: 1 });
  try {
    await admin.script(`create database ${templateName}`);
    await migrate(template, migrations);
    await template.close();
    // A template with a connection to it cannot be copied.
    await admin.script(`alter database ${templateName} with is_template true allow_connections false`);
  } finally {
    await Promise.all([admin.close(), template.close()]);
  }
}

/** A run that was killed leaves its server behind; the next one stops it. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const dataDir = join(tmpdir(), name);
    await (await startEmbedded({ dataDir, holder: 'product', log: silent })).stop().catch(() => {});
    await rm(dataDir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
