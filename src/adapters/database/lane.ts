import { connect, type Socket } from 'node:net';
import postgres from 'postgres';

/** One connection of a pool, opened at its first use. One piece of work at a time has it. */
export interface Lane {
  readonly raw: postgres.Sql;
  /** Runs one exchange with the server; when no answer comes within `patienceMs` the connection is given up, and with it `work`. */
  await<T>(work: () => Promise<T>, patienceMs: number): Promise<T>;
  /** Begins such a wait that ends with the returned function, for exchanges that the driver begins by itself. */
  expect(patienceMs: number): () => void;
  /** Whether its connection has been lost or closed; what the driver keeps of it would fail the next statement. */
  isBroken(): boolean;
  end(): Promise<void>;
}

type Options = postgres.Options<Record<string, postgres.PostgresType>> & { host: string; port: number };

/**
 * The driver waits for ever for a peer that accepts and never answers, and cannot be told to drop one connection. With a
 * driver of its own for each connection, and the socket in our hands, a silent one can be closed under it.
 */
export function openLane(options: Options): Lane {
  const { host, port } = options;
  let socket: Socket | undefined;
  const open = (): Socket => {
    // Not connected yet: what the driver writes waits in the socket, and its own time limit covers the connecting.
    socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    // The driver reads the name for TLS from here.
    return Object.assign(socket, { host, port });
  };
  // The driver's types do not know that it takes a socket.
  const own: Options & { socket: () => Socket } = { ...options, max: 1, socket: open };
  const raw = postgres(own);

  function expect(patienceMs: number): () => void {
    if (patienceMs === Infinity) return () => {};
    const timer = setTimeout(
      () => socket?.destroy(new Error(`The database did not answer within ${patienceMs} ms.`)),
      patienceMs,
    );
    return () => clearTimeout(timer);
  }

  return {
    raw,
    expect,
    isBroken: () =>
      socket !== undefined && (socket.destroyed || socket.readableEnded || socket.writableEnded),
    async await(work, patienceMs) {
      const settle = expect(patienceMs);
      try {
        return await work();
      } finally {
        settle();
      }
    },
    async end() {
      // Nothing is under way any more, but the driver would wait for what a broken connection once owed.
      await raw.end({ timeout: 0.2 });
      socket?.destroy();
    },
  };
}
