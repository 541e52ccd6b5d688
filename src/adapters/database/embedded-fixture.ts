/** For the tests of the embedded server: directories with a database in them, and products as processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '../../ports/log.ts';
import { connectDatabase } from './connect.ts';
import { type EmbeddedServer, startEmbedded } from './embedded.ts';
import type { Account } from './embedded-command.ts';
import type { Holder } from './embedded-hold.ts';

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Makes tests quick; the promise of durability has its own test. */
const settings = { fsync: 'off', shared_buffers: '8MB' };

const made: string[] = [];
const children: ChildProcess[] = [];
let seed: Promise<string> | undefined;

/** A directory with a stopped database in it, in which the table `kept` has one row. */
export async function seededDir(): Promise<string> {
  seed ??= makeSeed();
  const dataDir = await emptyDir();
  await cp(join(await seed, 'database'), join(dataDir, 'database'), { recursive: true });
  return dataDir;
}

export async function emptyDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'arbhub-embedded-'));
  made.push(dataDir);
  // Open to pass through: as root the server runs as another user.
  await chmod(dataDir, 0o711);
  return dataDir;
}

async function makeSeed(): Promise<string> {
  const dataDir = await emptyDir();
  const server = await start(dataDir, 'product');
  const database = connectDatabase({ to: server.target });
  await database.script('create table kept (id int primary key); insert into kept values (1)');
  await database.close();
  await server.stop();
  return dataDir;
}

export function start(dataDir: string, holder: Holder): Promise<EmbeddedServer> {
  return startEmbedded({ dataDir, holder, log: silent, settings });
}

export async function readKept(server: EmbeddedServer): Promise<unknown[]> {
  const database = connectDatabase({ to: server.target });
  return database.sql`select id from kept order by id`.finally(() => database.close());
}

/** The server's process, or 0 when there is no pid file. */
export async function serverPid(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'database', 'postmaster.pid'), 'utf8').catch(() => '0');
  return Number(text.split('\n')[0]);
}

/** Dead, or dead and not yet reaped. */
export async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !/\) Z/.test(status);
}

export interface Product {
  pid: number;
  /** `started`, or the message of the error. */
  said: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const program = `
  const { startEmbedded } = await import(process.argv[1]);
  const quiet = () => {};
  const log = { info: quiet, warn: quiet, error: quiet };
  const settings = JSON.parse(process.argv[4]);
  try {
    const server = await startEmbedded({ dataDir: process.argv[2], holder: process.argv[3], log, settings });
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));
    console.log('started');
    setInterval(quiet, 1_000);
  } catch (error) {
    console.log(error.message.split('\\n')[0]);
  }`;

/** Starts a product in a process of its own and waits for its first word. */
export async function startProduct(dataDir: string, account?: Account): Promise<Product> {
  const module = new URL('./embedded.ts', import.meta.url).href;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program, module, dataDir, 'product'];
  const child = spawn(process.execPath, [...args, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  });
  children.push(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const said = await new Promise<string>((resolve) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', () => resolve('nothing'));
  });
  return {
    pid: child.pid ?? 0,
    said,
    async kill(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

/** Ends whatever a failed test left behind. */
export async function sweep(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  for (const dataDir of made) {
    const pid = await serverPid(dataDir);
    if (pid > 1 && (await isRunning(pid)))
      await start(dataDir, 'guest').then(
        (guest) => guest.stop(),
        () => {},
      );
    await rm(dataDir, { recursive: true, force: true });
  }
}
