import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AccountId } from '../../domain/account.ts';
import type { Log } from '../../ports/log.ts';
import type { Scenario, SimulationControl } from '../../ports/simulation.ts';

/** A running simulated Meta: a Graph API to read from, and its controls. */
export interface Simulator extends SimulationControl {
  /** Base address of its Graph API. */
  graphUrl: string;
  /** A token that it accepts. */
  token: string;
  stop(): Promise<void>;
}

const readyWithinMs = 20_000;
const controlTimeoutMs = 10_000;
const restartAfterMs = 1000;

/**
 * Starts the simulator as a process of its own and starts it again if it dies. It ends with this process, however that
 * ends, since it watches the pipe. `stateFile` keeps what was tried on it from one start to the next.
 */
export async function startSimulator(options: {
  main: string;
  stateFile: string;
  log: Log;
  accounts?: number;
}): Promise<Simulator> {
  let isStopping = false;
  let { child, port } = await launch(options, 0);

  function watch(): void {
    child.once('exit', (code) => {
      if (isStopping) return;
      options.log.error('simulated Meta ended, starting it again', { code });
      setTimeout(() => void relaunch(), restartAfterMs).unref();
    });
  }
  async function relaunch(): Promise<void> {
    try {
      // The same port, so that nobody who knows its address has to be told.
      ({ child, port } = await launch(options, port));
      watch();
    } catch (error) {
      options.log.error('simulated Meta did not start', { error: String(error) });
      if (!isStopping) setTimeout(() => void relaunch(), restartAfterMs).unref();
    }
  }
  watch();

  const graphUrl = `http://127.0.0.1:${port}`;
  /** What it refuses because of what it was given, it answers as `error`. */
  async function control(path: string, body?: object): Promise<object> {
    const response = await fetch(`${graphUrl}/__sim${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(controlTimeoutMs),
    });
    if (!response.ok && response.status !== 400)
      throw new Error(`the simulated Meta answered ${response.status}`);
    return (await response.json()) as object;
  }
  return {
    graphUrl,
    token: 'simulation',
    async run(scenario: Scenario, accountId: AccountId | null = null) {
      const named = accountId === null ? {} : { account_id: accountId };
      const answer = await control('/scenarios', { kind: scenario, ...named });
      if ('error' in answer) return { problem: `${String(answer.error)}.` };
      const { account_ids: digits = [] } = answer as { account_ids?: string[] };
      return { accountIds: digits.map((one) => `act_${one}`) };
    },
    async setSpeed(speed) {
      await control('/clock', { speed });
    },
    async status() {
      const { speed, now, accounts, vendors, scenarios } = (await control('')) as {
        speed: number;
        now: string;
        accounts: number;
        vendors: { name: string; business_ids: string[] }[];
        scenarios: { kind: string; at: string; account_ids: string[] }[];
      };
      return {
        ...{ speed, accounts, now: Date.parse(now) },
        vendors: vendors.map(({ name, business_ids }) => ({ name, businessIds: business_ids })),
        holding: scenarios.map(({ kind, at, account_ids }) => ({
          ...{ scenario: kind, since: Date.parse(at), accounts: account_ids.length },
        })),
      };
    },
    async stop() {
      isStopping = true;
      if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
    },
  };
}

async function launch(
  options: { main: string; stateFile: string; accounts?: number },
  port: number,
): Promise<{ child: ChildProcess; port: number }> {
  const tsx = import.meta.resolve('tsx');
  const args = [
    '--import',
    tsx,
    options.main,
    '--port',
    String(port),
    '--state',
    options.stateFile,
    '--watch-stdin',
  ];
  if (options.accounts !== undefined) args.push('--accounts', String(options.accounts));
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const match = /^ready (\d+)$/.exec(line);
      if (match !== null) resolve(Number(match[1]));
    });
    child.once('exit', (code) => reject(new Error(`the simulated Meta ended at its start with ${code}`)));
    setTimeout(() => reject(new Error('the simulated Meta did not start in time')), readyWithinMs).unref();
  });
  return { child, port: await ready };
}
