import { chmod, cp, mkdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { connectDatabase } from './connect.ts';
import { startEmbedded } from './embedded.ts';
import {
  emptyDir,
  isRunning,
  readKept,
  seededDir,
  serverPid,
  silent,
  start,
  startProduct,
  sweep,
} from './embedded-fixture.ts';

const isRoot = process.getuid?.() === 0;
afterAll(sweep);

describe('a product alone', () => {
  it('makes a database, keeps it over a stop, and leaves no server behind', async () => {
    const dataDir = await emptyDir();
    const first = await startEmbedded({ dataDir, holder: 'product', log: silent });
    const pid = await serverPid(dataDir);
    const database = connectDatabase({ to: first.target });
    const [settings] = await database.sql`
      select current_database() as name, current_setting('fsync') as fsync, current_setting('jit') as jit,
        current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding`;
    expect(settings).toEqual({ name: 'arbhub', fsync: 'on', jit: 'off', addresses: '', encoding: 'UTF8' });
    await database.script('create table kept (id int); insert into kept values (1)');
    const stopping = performance.now();
    await first.stop();
    expect(performance.now() - stopping).toBeLessThan(5_000);
    expect(await isRunning(pid)).toBe(false);
    await database.close();
    const second = await start(dataDir, 'product');
    expect(await readKept(second)).toEqual([{ id: 1 }]);
    await second.stop();
  });

  it('keeps its socket to itself, in a short place when the data is in a long one', async () => {
    const deep = join(await emptyDir(), 'd'.repeat(60), 'e'.repeat(60));
    await cp(await seededDir(), deep, { recursive: true });
    const server = await start(deep, 'product');
    const directory = server.target.host;
    expect(directory.length).toBeLessThan(86);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    await server.stop();
    await rmdir(directory);
  });

  it('starts the server again when it dies, and is still the only product', async () => {
    const dataDir = await seededDir();
    const server = await start(dataDir, 'product');
    const pid = await serverPid(dataDir);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(async () => expect(await readKept(server)).toEqual([{ id: 1 }]), {
      timeout: 20_000,
      interval: 100,
    });
    expect(await serverPid(dataDir)).not.toBe(pid);
    await vi.waitFor(
      () => expect(start(dataDir, 'product')).rejects.toThrow(`process ${process.pid}`),
      10_000,
    );
    await server.stop();
  });
});

describe('a directory that cannot be used', () => {
  it('of another version is left as it is', async () => {
    const dataDir = await seededDir();
    const file = join(dataDir, 'database', 'PG_VERSION');
    await writeFile(file, '16\n');
    await expect(start(dataDir, 'product')).rejects.toThrow(/PostgreSQL 16, and this ArbHub brings 15/);
    expect(await readFile(file, 'utf8')).toBe('16\n');
  });

  it('holds something else', async () => {
    const dataDir = await emptyDir();
    await mkdir(join(dataDir, 'database'));
    await writeFile(join(dataDir, 'database', 'letter'), '');
    await expect(start(dataDir, 'product')).rejects.toThrow('not a PostgreSQL database');
    await writeFile(join(dataDir, 'file'), '');
    await expect(start(join(dataDir, 'file'), 'product')).rejects.toThrow('is not a directory');
    await expect(start(join(dataDir, 'file', 'below'), 'product')).rejects.toThrow('is not a directory');
  });

  it('says what the server said when it does not start', async () => {
    const dataDir = await seededDir();
    const broken = startEmbedded({ dataDir, holder: 'product', log: silent, settings: { work_mem: 'much' } });
    await expect(broken).rejects.toThrow(/did not start[^]*work_mem/);
  });

  it.runIf(isRoot)('is closed to the user that runs the server', async () => {
    const closed = await emptyDir();
    await chmod(closed, 0o700);
    await expect(start(join(closed, 'data'), 'product')).rejects.toThrow(`${closed} is closed`);
  });
});

describe.runIf(isRoot)('an ordinary user', () => {
  const nobody = { name: 'nobody', uid: 65534, gid: 65534 };

  it('runs the server as himself', async () => {
    const dataDir = await emptyDir();
    await chmod(dataDir, 0o777);
    const own = join(dataDir, 'own');
    const product = await startProduct(own, nobody);
    expect(product.said).toBe('started');
    expect((await stat(`/proc/${await serverPid(own)}`)).uid).toBe(nobody.uid);
    await product.kill('SIGTERM');
    expect(await serverPid(own)).toBe(0);
    // Root goes on as the owner of the data.
    const asRoot = await start(own, 'product');
    expect((await stat(`/proc/${await serverPid(own)}`)).uid).toBe(nobody.uid);
    await asRoot.stop();
  });

  it('is told when the place is not his', async () => {
    const dataDir = await emptyDir();
    await chmod(dataDir, 0o755);
    expect((await startProduct(dataDir, nobody)).said).toContain('cannot be written to (EACCES)');
    const others = await seededDir();
    await (await start(others, 'product')).stop();
    await chmod(others, 0o777);
    expect((await startProduct(others, nobody)).said).toMatch(
      /belongs to user \d+, and ArbHub runs as user 65534/,
    );
  });
});
