import { spawnSync } from 'node:child_process';
import { until } from './until.ts';

interface LivingProcess {
  pid: number;
  parent: number;
  command: string;
}

/** What lives, without zombies that nobody has reaped yet. */
function listProcesses(): LivingProcess[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, stat, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined || stat?.startsWith('Z') === true) return [];
    return [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** The processes that name a product's folder, and the children of those: `12 /…/postgres -D /folder`. */
export function processesOf(folder: string): string[] {
  const all = listProcesses();
  const named = new Set(all.filter(({ command }) => command.includes(folder)).map(({ pid }) => pid));
  return all
    .filter(({ pid, parent }) => named.has(pid) || named.has(parent))
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** Ids of the database servers, or of the simulated Metas, that work for a folder. */
export function pidsOf(folder: string, kind: 'database' | 'simulator'): number[] {
  const sign = kind === 'database' ? ` -D ${folder}` : 'simulator/main.ts';
  return listProcesses()
    .filter(({ command }) => command.includes(sign) && command.includes(folder))
    .map(({ pid }) => pid);
}

/** Ends every product that this process has started, and the database server that it may have left in the folder. */
export async function endProducts(folder: string): Promise<void> {
  for (const { pid, parent, command } of listProcesses())
    if (parent === process.pid && command.endsWith('scripts/start.mjs')) process.kill(pid, 'SIGKILL');
  // PostgreSQL's fast shutdown.
  for (const pid of pidsOf(folder, 'database')) process.kill(pid, 'SIGINT');
  await until(
    () => processesOf(folder),
    (left) => left.length === 0,
  );
}
