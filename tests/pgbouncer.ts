import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionTarget } from '../src/adapters/database/connection-target.ts';
import { until } from './flows/until.ts';

/** PgBouncer in transaction mode before a database server that listens on a Unix socket. */
export interface Pooler {
  /** The address of a database through it, as an operator would write it into DATABASE_URL. */
  url(database: string, user?: string): string;
  stop(): Promise<void>;
}

/** So few that many clients must share them. */
export const serverConnections = 6;
const places = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'];

/** Where PgBouncer is, installed from Debian's own package where that can be done; or why it cannot be had. */
export function findPgbouncer(): { program: string } | { missing: string } {
  const found = () => places.find((place) => existsSync(place));
  if (found() === undefined) {
    if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version'))
      return { missing: 'PgBouncer is not here, and only root on Debian can install it by itself' };
    for (const args of [['install'], ['update'], ['install']]) {
      const more = args[0] === 'install' ? ['-y', '--no-install-recommends', 'pgbouncer'] : [];
      spawnSync('apt-get', [...args, ...more], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        timeout: 60_000,
      });
      if (found() !== undefined) break;
    }
  }
  const program = found();
  return program === undefined ? { missing: 'PgBouncer could not be installed' } : { program };
}

/** Starts it on loopback. `users` may enter without a password, as on the server behind it. */
export async function startPgbouncer(
  program: string,
  server: ConnectionTarget,
  users: readonly string[],
): Promise<Pooler> {
  // It refuses to run as root, and whoever owns the socket's directory is the one to reach the server.
  const owner = await stat(server.host);
  const folder = await mkdtemp(path.join(tmpdir(), 'arbhub-pooler-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const userFile = path.join(folder, 'users');
  await writeFile(userFile, users.map((user) => `"${user}" ""\n`).join(''));
  const settings = path.join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${userFile}
pool_mode = transaction
default_pool_size = ${serverConnections}
max_client_conn = 300
`,
  );
  const isRoot = process.getuid?.() === 0;
  const child = spawn(program, [settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot ? { uid: owner.uid, gid: owner.gid } : {}),
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'exit');
  await until(
    () => said.includes('process up') || child.exitCode !== null,
    (is) => is,
    10_000,
  );
  if (child.exitCode !== null) throw new Error(`PgBouncer did not start:\n${said}`);
  return {
    url: (database, user = server.user) => `postgres://${user}@127.0.0.1:${port}/${database}?pgbouncer=true`,
    async stop() {
      // SIGINT waits for clients; SIGTERM is its immediate shutdown.
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
