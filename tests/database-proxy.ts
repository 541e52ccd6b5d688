import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ConnectionTarget } from '../src/adapters/database/connection-target.ts';

/** What stands between the product and its database, and what it does to the bytes. */
export type Fault =
  /** Lets everything through. */
  | 'none'
  /** Nobody listens, and what was open is cut. */
  | 'refuse'
  /** Accepts, takes every byte and never answers; what was open falls silent for good. */
  | 'hang'
  /** Cuts a connection in the middle of an exchange: at some byte of it, in either direction. */
  | 'reset';

export interface DatabaseProxy {
  /** The same database by way of the proxy. */
  target: ConnectionTarget;
  /** From now on, for open connections and new ones. */
  set(fault: Fault): Promise<void>;
  close(): Promise<void>;
}

/** So many pieces get through between two resets that some transactions are cut in their middle and some come through. */
const resetShare = 0.03;

/** A proxy on loopback before a server that listens on a Unix socket. `roll` (0..1) decides when a reset strikes. */
export async function databaseProxy(to: ConnectionTarget, roll: () => number): Promise<DatabaseProxy> {
  let fault: Fault = 'none';
  const pairs = new Set<{ client: Socket; server: Socket; isDead: boolean }>();

  function accept(client: Socket): void {
    const server = connect(`${to.host}/.s.PGSQL.${to.port}`);
    const pair = { client, server, isDead: fault === 'hang' };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    const pass = (from: Socket, into: Socket) => {
      from.on('data', (chunk: Buffer) => {
        if (pair.isDead) return;
        if (fault === 'reset' && roll() < resetShare) {
          into.write(chunk.subarray(0, Math.floor(roll() * chunk.length)), () => {
            client.resetAndDestroy();
            end();
          });
        } else into.write(chunk);
      });
      from.on('error', end);
      from.on('close', end);
    };
    pass(client, server);
    pass(server, client);
  }

  let listening: Server | null = createServer(accept).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;

  async function refuse(): Promise<void> {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    if (listening === null) return;
    const closed = once(listening, 'close');
    listening.close();
    listening = null;
    await closed;
  }

  return {
    target: { ...to, host: '127.0.0.1', port },
    async set(next) {
      fault = next;
      // A connection that has hung once never comes back, as behind a firewall that has forgotten it.
      if (next === 'hang') for (const pair of pairs) pair.isDead = true;
      if (next === 'refuse') return refuse();
      if (listening !== null) return;
      listening = createServer(accept).listen(port, '127.0.0.1');
      await once(listening, 'listening');
    },
    close: refuse,
  };
}
