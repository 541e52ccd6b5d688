import postgres from 'postgres';
import type { Log } from '../../ports/log.ts';
import type { Database, SlowStatement, Sql, SqlValue } from '../../ports/sql.ts';
import { BoundArray } from './array-text.ts';
import { driverTypes } from './column-types.ts';
import { type ConnectionTarget, parseTarget, sslOption } from './connection-target.ts';
import { createGate } from './gate.ts';
import { type Lane, openLane } from './lane.ts';
import { createListener } from './listener.ts';

/** Runs text of one or more statements, without parameters. */
export type Script = (text: string) => Promise<void>;

/** The database with what only the adapter's own neighbours need: statements as plain text. */
export interface PostgresDatabase extends Database {
  readonly script: Script;
  transaction<T>(work: (sql: Sql, script: Script) => Promise<T>, limits?: { patienceMs: number }): Promise<T>;
}

export interface ConnectOptions {
  /** A `postgres://` address or its parts. */
  to: string | ConnectionTarget;
  maxConnections?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Overrides what the address says about prepared statements; false behind a transaction pooler. */
  usePrepared?: boolean;
  /** How long a statement may stay unanswered before its connection is given up. Scripts take as long as they take. */
  patienceMs?: number;
  log?: Log;
}

const usualConnections = 10;
const closeWithinMs = 4_000;
/** Below a cycle's longest run, so that a cycle that meets a silent database fails by itself. */
const usualPatienceMs = 50_000;
const slowMs = 200;
const mostSlow = 20;

/** Makes a pool; the first statement opens the first connection. */
export function connectDatabase(options: ConnectOptions): PostgresDatabase {
  const { patienceMs = usualPatienceMs } = options;
  const gate = createGate(options.maxConnections ?? usualConnections);
  const lanes = new Set<Lane>();
  const free: Lane[] = [];
  /** The connection that was used last is taken first, so that no more are opened than are needed at once. */
  const onLane = <T>(work: (lane: Lane) => Promise<T>): Promise<T> =>
    gate.pass(async () => {
      let lane = free.pop();
      for (; lane?.isBroken() === true; lane = free.pop()) {
        lanes.delete(lane);
        void lane.end();
      }
      if (lane === undefined) lanes.add((lane = openLane(driverOptions(options))));
      try {
        return await work(lane);
      } finally {
        free.push(lane);
      }
    });
  let slow: SlowStatement[] = [];
  const watch: Watch = (text, tookMs) => {
    if (tookMs >= slowMs)
      slow = [...slow.slice(1 - mostSlow), { text: text.join('$').replace(/\s+/g, ' '), tookMs }];
  };
  const listener = createListener(
    (hooks) => postgres({ ...driverOptions(options), ...hooks, max: 1, max_lifetime: null }),
    options.log,
  );
  return {
    sql: (text, ...values) =>
      onLane((lane) => statements(lane.raw, lane, patienceMs, watch)(text, ...values)),
    script: (text) => onLane((lane) => scripts(lane.raw)(text)),
    transaction: (work, limits) =>
      onLane((lane) => transact(lane, work, limits?.patienceMs ?? patienceMs, watch)),
    takeSlow() {
      const taken = slow;
      slow = [];
      return taken;
    },
    listen: listener.listen,
    async close() {
      await Promise.all([listener.close(), gate.close(closeWithinMs)]);
      await Promise.all([...lanes].map((lane) => lane.end()));
    },
  };
}

/** One connection without a pool's habits: it lives until it is ended, and `onclose` says when it was lost. */
export function connectOnce(target: ConnectionTarget, applicationName: string, onclose: () => void) {
  const raw = postgres({
    ...driverOptions({ to: target, applicationName, maxConnections: 1 }),
    max_lifetime: null,
    onclose,
  });
  return { sql: statements(raw, null, Infinity, () => {}), end: () => raw.end({ timeout: 1 }) };
}

/** What the driver is told for a connection of ours. */
export function driverOptions(options: ConnectOptions) {
  const target = typeof options.to === 'string' ? parseTarget(options.to) : options.to;
  return {
    host: target.host,
    port: target.port,
    database: target.database,
    username: target.user,
    password: target.password ?? '',
    ssl: sslOption(target),
    max: options.maxConnections ?? usualConnections,
    prepare: options.usePrepared ?? target.usePrepared ?? true,
    connect_timeout: 10,
    idle_timeout: 0,
    // The driver's own pause grows to 20 s, during which no statement is even tried.
    backoff: (tries: number) => Math.min(0.05 * 2 ** tries, 2),
    // The driver would ask each new connection for all array types; column-types.ts knows the ones in use.
    fetch_types: false,
    types: driverTypes(),
    onnotice: () => {},
    connection: { application_name: options.applicationName ?? 'arbhub', TimeZone: 'UTC' },
  };
}

/** Told of every statement that has run. */
type Watch = (text: TemplateStringsArray, tookMs: number) => void;

function statements(
  raw: postgres.ISql,
  lane: Lane | null,
  patienceMs: number,
  watch: Watch,
  isOpen: () => boolean = () => true,
): Sql {
  return async <Row extends object>(text: TemplateStringsArray, ...values: SqlValue[]) => {
    mustBeOpen(isOpen);
    const startedMs = performance.now();
    // The driver sends a query when somebody waits for it.
    const ask = () => raw<Row[]>(text, ...values.map((value) => bound(raw, value))).catch(failure);
    const rows = Array.from(await (lane === null ? ask() : lane.await(ask, patienceMs))) as Row[];
    watch(text, Math.round(performance.now() - startedMs));
    return rows;
  };
}

function scripts(raw: postgres.ISql, isOpen: () => boolean = () => true): Script {
  return async (text) => {
    mustBeOpen(isOpen);
    await raw.unsafe(text).catch(failure);
  };
}

async function transact<T>(
  lane: Lane,
  work: (sql: Sql, script: Script) => Promise<T>,
  patienceMs: number,
  watch: Watch,
): Promise<T> {
  let isOpen = true;
  let answered = lane.expect(patienceMs);
  const open = (): boolean => isOpen;
  try {
    const outcome: unknown = await lane.raw.begin(async (inner) => {
      answered();
      try {
        return await work(statements(inner, lane, patienceMs, watch, open), scripts(inner, open));
      } finally {
        // After a lost connection the driver would send its COMMIT or ROLLBACK into whatever took its place,
        // or into nothing, which ends the process. The loss itself has already rejected the transaction.
        if (!isOpen) await new Promise(() => {});
        answered = lane.expect(patienceMs);
      }
    });
    return outcome as T;
  } finally {
    answered();
    isOpen = false;
  }
}

/** A list's type is left to the statement: the driver would guess it from the first element. */
function bound(raw: postgres.ISql, value: SqlValue): postgres.ParameterOrFragment<never> {
  const parameter = Array.isArray(value) ? raw.typed(new BoundArray(value) as never, 0) : value;
  return parameter as postgres.ParameterOrFragment<never>;
}

function mustBeOpen(isOpen: () => boolean): void {
  if (!isOpen()) throw new Error('The transaction of this statement has ended.');
}

async function failure(error: unknown): Promise<never> {
  // A broken socket's error comes before its closing, which is what tells the driver and the transaction:
  // a statement in between would be forgotten. The closing comes between two immediates.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  // The detail quotes the row, and rows hold secrets.
  if (error instanceof postgres.PostgresError) Reflect.deleteProperty(error, 'detail');
  throw error;
}
