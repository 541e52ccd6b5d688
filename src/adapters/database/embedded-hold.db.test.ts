import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findAccount } from './embedded-account.ts';
import {
  emptyDir,
  isRunning,
  readKept,
  seededDir,
  serverPid,
  start,
  startProduct,
  sweep,
} from './embedded-fixture.ts';
import { DataDirInUseError } from './embedded-hold.ts';

afterAll(sweep);

describe('what a killed product leaves', () => {
  it('is adopted by the next one', async () => {
    const dataDir = await seededDir();
    const killed = await startProduct(dataDir);
    expect(killed.said).toBe('started');
    const pid = await serverPid(dataDir);
    await killed.kill('SIGKILL');
    expect(await isRunning(pid)).toBe(true);
    const next = await start(dataDir, 'product');
    expect(await serverPid(dataDir)).toBe(pid);
    expect(await readKept(next)).toEqual([{ id: 1 }]);
    await next.stop();
    expect(await isRunning(pid)).toBe(false);
  });

  it('may be a dead server’s pid file, after which the log is replayed', async () => {
    const dataDir = await seededDir();
    const killed = await startProduct(dataDir);
    await killed.kill('SIGKILL');
    const pid = await serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false));
    const next = await start(dataDir, 'product');
    expect(await serverPid(dataDir)).not.toBe(pid);
    expect(await readKept(next)).toEqual([{ id: 1 }]);
    await next.stop();
  });

  it('may be a pid that a stranger has now, who is left alone', async () => {
    const dataDir = await seededDir();
    await (await start(dataDir, 'product')).stop();
    const account = await findAccount(join(dataDir, 'database'));
    // The same user, because PostgreSQL itself takes only that one's process for a server.
    const stranger = spawn('sleep', ['60'], account ? { uid: account.uid, gid: account.gid, cwd: '/' } : {});
    const pidFile = join(dataDir, 'database', 'postmaster.pid');
    const socket = join(dataDir, 'socket');
    await writeFile(
      pidFile,
      `${stranger.pid}\n${dataDir}/database\n1700000000\n5432\n${socket}\n\n1 1\nready   \n`,
    );
    await writeFile(
      join(socket, '.s.PGSQL.5432.lock'),
      `${stranger.pid}\n${dataDir}/database\n1700000000\n5432\n${socket}\n`,
    );
    const next = await start(dataDir, 'product');
    expect(await readKept(next)).toEqual([{ id: 1 }]);
    await next.stop();
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
  });
});

describe('two on one directory', () => {
  it('refuses a second product by the first one’s pid, and lets guests in', async () => {
    const dataDir = await seededDir();
    const first = await startProduct(dataDir);
    const refusal = await start(dataDir, 'product').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DataDirInUseError);
    expect((refusal as Error).message).toContain(`process ${first.pid}`);
    const guest = await start(dataDir, 'guest');
    expect(await readKept(guest)).toEqual([{ id: 1 }]);
    await guest.stop();
    const pid = await serverPid(dataDir);
    expect(await isRunning(pid)).toBe(true);
    await first.kill('SIGTERM');
    expect(await isRunning(pid)).toBe(false);
  });

  it('lets the last guest stop the server, and none while another or a product is there', async () => {
    const dataDir = await seededDir();
    const one = await start(dataDir, 'guest');
    const two = await start(dataDir, 'guest');
    const pid = await serverPid(dataDir);
    await one.stop();
    expect(await readKept(two)).toEqual([{ id: 1 }]);
    const product = await start(dataDir, 'product');
    await two.stop();
    expect(await readKept(product)).toEqual([{ id: 1 }]);
    const three = await start(dataDir, 'guest');
    await product.stop();
    expect(await isRunning(pid)).toBe(false);
    await three.stop();
    const four = await start(dataDir, 'guest');
    const again = await serverPid(dataDir);
    await four.stop();
    expect(await isRunning(again)).toBe(false);
  });

  it('lets one win when three start at the same moment on nothing', async () => {
    const dataDir = await emptyDir();
    const products = await Promise.all([1, 2, 3].map(() => startProduct(dataDir)));
    const winners = products.filter(({ said }) => said === 'started');
    expect(winners).toHaveLength(1);
    const losers = products.filter(({ said }) => said.includes(`process ${winners[0]!.pid}`));
    expect(losers).toHaveLength(2);
    await winners[0]!.kill('SIGTERM');
    expect(await serverPid(dataDir)).toBe(0);
  });
});
