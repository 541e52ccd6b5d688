import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Account, run } from './embedded-command.ts';

/** Whom to run the server as; undefined means as ourselves. The owner of existing data decides. */
export async function findAccount(clusterDirectory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readAccounts();
  const owner = await stat(clusterDirectory).catch(() => undefined);
  if (owner && owner.uid !== 0) {
    const name = accounts.find(({ uid }) => uid === owner.uid)?.name ?? `user ${owner.uid}`;
    return { name, uid: owner.uid, gid: owner.gid };
  }
  const account =
    accounts.find(({ name }) => name === 'postgres') ?? accounts.find(({ name }) => name === 'nobody');
  if (account) return account;
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as. ' +
      'Start ArbHub as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

async function readAccounts(): Promise<Account[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** Fails when the account cannot come to the directory, naming the closed one on the way. */
export async function requireReachable(directory: string, account: Account): Promise<void> {
  const { isDone } = await run('/bin/sh', ['-c', 'cd "$0"', directory], account);
  if (isDone) return;
  let closed = directory;
  for (let above = dirname(directory); above !== dirname(above); above = dirname(above)) {
    const { mode } = await stat(above);
    if (!(mode & 0o001)) closed = above;
  }
  throw new Error(
    `The database server runs as ${account.name} and cannot reach ${directory}, because ${closed} is closed to it. ` +
      `Set ARBHUB_DATA_DIR to an open place such as /var/lib/arbhub.`,
  );
}
