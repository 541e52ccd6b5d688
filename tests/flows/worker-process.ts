import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { FlowHouse } from '../flow-house.ts';
import { until } from './until.ts';
import { readWorld } from './world-truth.ts';

/** A worker (`worker.ts`) that runs. */
export interface Worker {
  /** What it took from the start of the process till it worked, milliseconds. */
  openedMs: number;
  /** Its exit code; null when it was killed. */
  ended: Promise<number | null>;
  /** Asks it to stop and answers how long that took, milliseconds. */
  stop(): Promise<number>;
  /** Settles when the process is gone and the database has dropped what it had not committed. */
  kill(): Promise<void>;
}

interface Standby {
  child: ChildProcess;
  ended: Promise<number | null>;
  /** Settles at its next line. */
  hear(): Promise<void>;
  tookMs: number;
}

/** Starts workers one after the other on one house; `time` is where the last one's clock stood. */
export class Workers {
  readonly #flow: FlowHouse;
  readonly #slotMs: number;
  readonly #living = new Set<ChildProcess>();
  /** Started while the one before is at work, since starting takes most of the time; it has done nothing yet. */
  #standby: Promise<Standby> | null = null;
  time: number;

  constructor(flow: FlowHouse, startAt: number, slotMs: number) {
    this.#flow = flow;
    this.#slotMs = slotMs;
    this.time = startAt;
  }

  /** Leaves no connection but the one that a worker comes with: "default", with a token of its own. */
  async handOver(): Promise<void> {
    await this.#flow.database.database.script(`
      delete from connection_tokens;
      delete from connections;
      insert into connections (name, kind) values ('default', 'meta')`);
  }

  /** Moves the world to the workers' time and asks it what holds; it then stands still till the next time. */
  async nextWorld() {
    const since = this.time;
    await this.#flow.advance(since - (await this.#flow.clock.now()));
    const meta = await this.#flow.deps.sourceOf({ id: 0, name: 'simulation', kind: 'simulation' });
    if (meta === null) throw new Error('no way into the simulated Meta');
    return { since, world: await readWorld(meta, since) };
  }

  async #spawn(): Promise<Standby> {
    const startedMs = performance.now();
    const script = path.join(import.meta.dirname, 'worker.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script], {
      env: {
        NODE_ENV: 'test',
        PATH: process.env['PATH'] ?? '',
        DATABASE_URL: this.#flow.database.url,
        META_GRAPH_URL: this.#flow.simulator.graphUrl,
        FB_ACCESS_TOKEN: 'worker',
        ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
        SLACK_WEBHOOK_URL: this.#flow.slack.url,
        STATUS_SWEEP_SECONDS: String(this.#slotMs / 1000),
        METRICS_CYCLE_SECONDS: String(this.#slotMs / 1000),
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#living.add(child);
    const ended = once(child, 'close').then(([code]) => {
      this.#living.delete(child);
      return code as number | null;
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      if (/^\d+$/.test(line)) this.time = Math.max(this.time, Number(line));
    });
    const hear = async () => {
      const isThere = await Promise.race([once(lines, 'line').then(() => true), ended.then(() => false)]);
      if (!isThere) throw new Error('the worker ended at its start');
    };
    await hear();
    return { child, ended, hear, tookMs: performance.now() - startedMs };
  }

  /** Settles when the worker is about to begin the first of its `rounds`. */
  async start(rounds: number): Promise<Worker> {
    const { child, ended, hear, tookMs } = await (this.#standby ?? this.#spawn());
    this.#standby = this.#spawn();
    this.#standby.catch(() => {});
    const startedMs = performance.now();
    child.stdin?.write(`${this.time} ${rounds}\n`);
    await hear();
    return {
      ended,
      openedMs: tookMs + performance.now() - startedMs,
      stop: async () => {
        const stoppedMs = performance.now();
        child.kill('SIGTERM');
        await ended;
        return performance.now() - stoppedMs;
      },
      kill: async () => {
        if (!child.kill('SIGKILL')) throw new Error('the worker had ended by itself');
        await ended;
        await until(
          () => this.#backends(),
          (backends) => backends.length === 0,
        );
      },
    };
  }

  /** Whether a transaction of a worker lingers between what it has written and what it still has to write. */
  async isWriting(): Promise<boolean> {
    return (await this.#backends()).some(({ lingers }) => lingers);
  }

  #backends(): Promise<{ lingers: boolean }[]> {
    return this.#flow.database.database.sql<{ lingers: boolean }>`
      select wait_event is not distinct from 'PgSleep' as lingers from pg_stat_activity
      where datname = current_database() and application_name = 'worker'`;
  }

  /** Ends whatever a failed test has left running. */
  async endAll(): Promise<void> {
    await Promise.all(
      [...this.#living].map(async (child) => {
        child.kill('SIGKILL');
        await once(child, 'close');
      }),
    );
  }
}
