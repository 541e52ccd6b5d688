import { readFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports/log.ts';
import { connectOnce } from './connect.ts';
import type { ConnectionTarget } from './connection-target.ts';
import {
  ensureCluster,
  explain,
  isAlive,
  readPassword,
  socketPort,
  superuser,
  writeSettings,
} from './embedded-cluster.ts';
import { run } from './embedded-command.ts';
import type { Place } from './embedded-place.ts';

interface PidFile {
  pid: number;
  port: number;
  socketDirectory: string;
  text: string;
}

type State =
  | { kind: 'ready'; target: ConnectionTarget }
  /** Alive and not taking connections: starting, recovering from a crash, or stopping. */
  | { kind: 'busy' }
  | { kind: 'absent'; leftover?: PidFile };

const longestStartMs = 600_000;
const largestLogBytes = 5_000_000;
/** No system gives out this id, so the server takes its holder for dead. */
const nobodysPid = 2_147_483_647;

/** Answers where the server is: the one that runs already, or one started now. */
export async function ensureRunning(
  place: Place,
  overrides: Record<string, string>,
  log: Log,
): Promise<ConnectionTarget> {
  const deadline = performance.now() + longestStartMs;
  let refusals = 0;
  while (performance.now() < deadline) {
    const state = await probe(place);
    if (state.kind === 'ready') return state.target;
    if (state.kind === 'busy') {
      await pause(50);
      continue;
    }
    await ensureCluster(place);
    await writeSettings(place, overrides);
    if (state.leftover) await disownPidFile(place, state.leftover, log);
    const outcome = await start(place);
    if (outcome.isDone) continue;
    refusals += 1;
    // A parallel starter may have been faster, which the next probe tells; or what is left of a killed server
    // has not noticed its end yet.
    const patience = outcome.text.includes('shared memory block') ? 100 : 2;
    if (refusals >= patience && (await probe(place)).kind === 'absent') {
      throw explain(`The embedded database in ${place.dataDir} did not start`, outcome.text);
    }
    await pause(100);
  }
  throw new Error(`The embedded database in ${place.dataDir} was not ready within 10 minutes.`);
}

/** Ends the server: politely within 4 s, otherwise at once, which costs a recovery at the next start. */
export async function stopServer(place: Place): Promise<void> {
  for (const [mode, seconds] of [
    ['fast', '4'],
    ['immediate', '2'],
  ] as const) {
    const args = ['-D', place.cluster, '-m', mode, '-w', '-t', seconds, 'stop'];
    const { isDone } = await run(place.binaries.pgCtl, args, place.account);
    if (isDone || (await probe(place)).kind === 'absent') return;
  }
  throw new Error(`The embedded database in ${place.dataDir} could not be stopped.`);
}

async function start(place: Place): Promise<{ isDone: boolean; text: string }> {
  const logFile = join(place.cluster, 'server.log');
  const size = (await stat(logFile).catch(() => undefined))?.size ?? 0;
  if (size > largestLogBytes) await rename(logFile, `${logFile}.old`);
  const args = ['-D', place.cluster, '-l', logFile, '-w', '-t', '60', 'start'];
  const { isDone, text } = await run(place.binaries.pgCtl, args, place.account);
  const said = isDone ? '' : await readFile(logFile, 'utf8').catch(() => '');
  return { isDone, text: `${text}\n${said.slice(-2_000)}`.trim() };
}

async function probe(place: Place): Promise<State> {
  const file = await readPidFile(place);
  if (!file) return { kind: 'absent' };
  const target = await locate(place, file);
  const answer = await ask(target);
  const isOurs =
    file.socketDirectory === place.socketDirectory || (await isSame(answer.directory, place.cluster));
  if (answer.kind === 'ready' && isOurs) return { kind: 'ready', target };
  if (answer.kind === 'busy' && isOurs) return { kind: 'busy' };
  return (await isPostmaster(file.pid, place)) ? { kind: 'busy' } : { kind: 'absent', leftover: file };
}

async function readPidFile(place: Place): Promise<PidFile | undefined> {
  const text = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , port, socketDirectory] = text.split('\n');
  if (!Number(pid)) return undefined;
  return { pid: Number(pid), port: Number(port) || socketPort, socketDirectory: socketDirectory ?? '', text };
}

async function locate(place: Place, file: PidFile): Promise<ConnectionTarget> {
  const password = await readPassword(place);
  return {
    host: password ? '127.0.0.1' : file.socketDirectory || place.socketDirectory,
    port: file.port,
    user: superuser,
    database: 'postgres',
    ...(password ? { password } : {}),
  };
}

async function ask(
  target: ConnectionTarget,
): Promise<{ kind: 'ready' | 'busy' | 'silent'; directory: string }> {
  const { sql, end } = connectOnce(target, 'arbhub probe', () => {});
  try {
    const [row] = await sql<{ directory: string }>`select current_setting('data_directory') as directory`;
    return { kind: 'ready', directory: row?.directory ?? '' };
  } catch (error) {
    const isBusy = ['57P03', '53300'].includes(String((error as { code?: unknown }).code));
    return { kind: isBusy ? 'busy' : 'silent', directory: '' };
  } finally {
    await end();
  }
}

/** Whether the process is a server of this very directory; ids are given out again, most readily in containers. */
async function isPostmaster(pid: number, place: Place): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    // A server works in its data directory. A dead one that nobody has reaped has none.
    return isSame(await readlink(`/proc/${pid}/cwd`).catch(() => ''), place.cluster);
  }
  const list =
    process.platform === 'win32'
      ? await run('tasklist.exe', ['/FI', `PID eq ${pid}`])
      : await run('/bin/ps', ['-o', 'command=', '-p', String(pid)]);
  return list.text.includes('postgres');
}

async function isSame(path: string, other: string): Promise<boolean> {
  if (!path) return false;
  const [one, two] = await Promise.all([path, other].map((each) => realpath(each).catch(() => each)));
  return one === two;
}

/**
 * A server refuses to start while the id in its predecessor's pid file is alive, whoever has it now. Only the id is
 * replaced: by the rest the server finds out whether parts of its predecessor are still at work.
 */
async function disownPidFile(place: Place, file: PidFile, log: Log): Promise<void> {
  if (!isAlive(file.pid)) return;
  const current = await readPidFile(place);
  if (current?.text !== file.text) return;
  log.warn('database pid file names a foreign process', { pid: file.pid });
  const path = join(place.cluster, 'postmaster.pid');
  await writeFile(path, file.text.replace(/^\d+/, String(nobodysPid)));
  await rm(join(place.socketDirectory, `.s.PGSQL.${socketPort}.lock`), { force: true });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
