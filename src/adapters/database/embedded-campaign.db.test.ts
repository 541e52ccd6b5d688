import { spawn, spawnSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readFile, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dice, isLong, type Dice } from '../../../tests/dice.ts';
import { connectDatabase } from './connect.ts';
import type { EmbeddedServer } from './embedded.ts';
import { findAccount } from './embedded-account.ts';
import { isRunning, seededDir, serverPid, start, startProduct, sweep } from './embedded-fixture.ts';
import { DataDirInUseError, type Holder } from './embedded-hold.ts';

/**
 * Thirty tries on data directories that are shared, left behind, mistaken, full or somebody else's: each is refused or
 * adopted as stated, and every row that was committed is there at the end of each.
 * A thousand: LONG=1 npx vitest run --project integration src/adapters/database/embedded-campaign
 */

const tries = isLong ? 1000 : 30;
const seed = Number(process.env['EMBEDDED_SEED'] ?? 20_261_129);
const isRoot = process.getuid?.() === 0;
const nobody = { name: 'nobody', uid: 65534, gid: 65534 };

/** A directory with the rows that must be in it. A try begins and ends with its server stopped. */
interface Place {
  dataDir: string;
  rows: number[];
}

/** Most of a try is waiting, so that a few directories are at it side by side. */
const places: Place[] = [];
const side = 5;
/** A disk of its own that can be filled; null where none can be had. */
let small: Place | null = null;
let smallDisk: string | null = null;
const whyNoDisk = isRoot ? 'no tmpfs can be mounted here' : 'only root can mount a small disk';

beforeAll(async () => {
  for (let n = 0; n < side; n++) {
    const dataDir = await seededDir();
    await chmod(dataDir, 0o777);
    places.push({ dataDir, rows: [1] });
  }
  smallDisk = isRoot ? await mountSmall() : null;
  if (smallDisk !== null) {
    const dataDir = join(smallDisk, 'data');
    await cp(await seededDir(), dataDir, { recursive: true });
    small = { dataDir, rows: [1] };
  } else console.log(`skipped: disk full, because ${whyNoDisk}`);
}, 60_000);
afterAll(async () => {
  await sweep();
  if (smallDisk === null || small === null) return;
  const pid = await serverPid(small.dataDir);
  if (await isRunning(pid)) process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(spawnSync('umount', [smallDisk!]).status).toBe(0), 10_000);
  await rm(smallDisk, { recursive: true, force: true });
});

async function mountSmall(): Promise<string | null> {
  const place = await mkdtemp(join(tmpdir(), 'arbhub-small-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=711', 'tmpfs', place]);
  if (status === 0) return place;
  await rm(place, { recursive: true });
  return null;
}

async function using<T>(
  server: EmbeddedServer,
  work: (sql: ReturnType<typeof connectDatabase>) => Promise<T>,
) {
  const database = connectDatabase({ to: server.target, maxConnections: 1 });
  return work(database).finally(() => database.close());
}

async function add(server: EmbeddedServer, place: Place): Promise<void> {
  const id = place.rows.at(-1)! + 1;
  await using(server, ({ sql }) => sql`insert into kept values (${id})`);
  place.rows.push(id);
}

async function expectAll(server: EmbeddedServer, { rows }: Place): Promise<void> {
  const found = await using(server, ({ sql }) => sql<{ id: number }>`select id from kept order by id`);
  expect(found.map(({ id }) => id)).toEqual(rows);
}

const refusal = (starting: Promise<EmbeddedServer>): Promise<unknown> =>
  starting.then(
    async (server) => {
      await server.stop();
      return 'it started';
    },
    (error: unknown) => error,
  );

/** Whether this very server is still at work; one that ends takes its pid file away a moment before it is gone. */
async function isServing({ dataDir }: Place, pid: number): Promise<boolean> {
  return (await serverPid(dataDir)) === pid && (await isRunning(pid));
}

/** Ends the server as a crash does; nobody is asked. */
async function crash(place: Place): Promise<number> {
  const pid = await serverPid(place.dataDir);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), 10_000);
  return pid;
}

type Form = (place: Place, random: Dice) => Promise<void>;

const forms: Record<string, Form> = {
  async 'second server'(place) {
    const first = await start(place.dataDir, 'product');
    await add(first, place);
    const error = await refusal(start(place.dataDir, 'product'));
    expect(error).toBeInstanceOf(DataDirInUseError);
    expect(String(error)).toContain(`process ${process.pid}`);
    await add(first, place);
    await first.stop();
  },

  async 'orphaned database server'(place, random) {
    const product = await startProduct(place.dataDir);
    expect(product.said).toBe('started');
    const guest = await start(place.dataDir, 'guest');
    await add(guest, place);
    const pid = await serverPid(place.dataDir);
    await product.kill('SIGKILL');
    if (random.below(2) === 0) await guest.stop();
    // A guest that is the last one takes the server along; otherwise it is there to be adopted.
    const isThere = await isServing(place, pid);
    const next = await start(place.dataDir, random.pick(['product', 'guest'] as const));
    if (isThere) expect(await serverPid(place.dataDir)).toBe(pid);
    await expectAll(next, place);
    await next.stop();
    await guest.stop();
  },

  async 'stale pid'(place) {
    const guest = await start(place.dataDir, 'guest');
    await add(guest, place);
    const dead = await crash(place);
    expect(await serverPid(place.dataDir)).toBe(dead);
    await guest.stop();
    const next = await start(place.dataDir, 'product');
    expect(await serverPid(place.dataDir)).not.toBe(dead);
    await next.stop();
  },

  async 'pid reuse'(place, random) {
    const guest = await start(place.dataDir, 'guest');
    await add(guest, place);
    await crash(place);
    await guest.stop();
    const account = await findAccount(join(place.dataDir, 'database'));
    // Of the server's own user, whom PostgreSQL itself would take for a server, or of ours.
    const isSameUser = account !== undefined && random.below(2) === 0;
    const stranger = spawn(
      'sleep',
      ['60'],
      isSameUser ? { uid: account.uid, gid: account.gid, cwd: '/' } : {},
    );
    try {
      const file = join(place.dataDir, 'database', 'postmaster.pid');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/^\d+/, String(stranger.pid)));
      const next = await start(place.dataDir, 'product');
      expect(await serverPid(place.dataDir)).not.toBe(stranger.pid);
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
      await next.stop();
      expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  },

  async 'dev and build workers'(place, random) {
    const holders: Holder[] = ['guest', 'guest', 'guest'];
    if (random.below(2) === 0) holders.push('product');
    const servers = await Promise.all(holders.map((holder) => start(place.dataDir, holder)));
    const pid = await serverPid(place.dataDir);
    for (const server of servers) await add(server, place);
    const order = servers.map((server, n) => ({ server, holder: holders[n]!, key: random.roll() }));
    order.sort((one, other) => one.key - other.key);
    let hasProduct = holders.includes('product');
    for (const [n, { server, holder }] of order.entries()) {
      const isOver = !(await isServing(place, pid));
      if (!isOver) await add(server, place);
      await server.stop();
      if (holder === 'product') hasProduct = false;
      // A product takes the server along, whoever else is there; so does the last guest.
      const isToRun = !isOver && holder !== 'product' && (hasProduct || n < order.length - 1);
      expect(await isServing(place, pid), `after ${n + 1} of ${holders.length}, a ${holder}`).toBe(isToRun);
    }
  },

  async 'disk full'(_place, random) {
    const place = small!;
    const filler = join(smallDisk!, 'filler');
    const fill = async () => {
      const { bavail, bsize } = await statfs(smallDisk!);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - random.below(3) * 4096)));
      await writeFile(`${filler}.rest`, Buffer.alloc(1 << 20)).catch(() => {});
    };
    const clear = async () => {
      await truncate(filler, 0);
      await Promise.all([filler, `${filler}.rest`].map((file) => rm(file, { force: true })));
    };
    if (random.below(2) === 0) {
      await fill();
      const error = await refusal(start(place.dataDir, 'product'));
      await clear();
      // What it still could write is luck; what it says when it could not is not.
      if (error !== 'it started') expect(String(error)).toMatch(/disk is full/);
    } else {
      const server = await start(place.dataDir, 'guest');
      await add(server, place);
      await fill();
      const error = await using(server, ({ sql }) =>
        sql`insert into kept select 1000000 + n from generate_series(1, 2000000) n`.catch(
          (reason: unknown) => reason,
        ),
      );
      expect(String(error)).toMatch(/No space left|could not|terminat|CONNECTION_|closed/);
      await clear();
      const pid = await serverPid(place.dataDir);
      if (await isRunning(pid)) await vi.waitFor(() => expectAll(server, place), 20_000);
      await server.stop();
    }
    const next = await start(place.dataDir, 'product');
    await expectAll(next, place);
    await add(next, place);
    await next.stop();
  },

  async 'wrong owner'(place) {
    const server = await start(place.dataDir, 'product');
    await add(server, place);
    await server.stop();
    const product = await startProduct(place.dataDir, nobody);
    expect(product.said).toMatch(/belongs to user \d+, and ArbHub runs as user 65534/);
    await product.kill('SIGKILL');
    expect(await serverPid(place.dataDir)).toBe(0);
  },
};

/** One directory's share of the tries; each form once, then by chance. Only one of them has the small disk. */
async function tryPlace(place: Place, n: number, counts: Record<string, number>): Promise<void> {
  const random = dice(seed + n);
  const able = Object.keys(forms).filter(
    (form) => (form !== 'disk full' || (small !== null && n === 0)) && (form !== 'wrong owner' || isRoot),
  );
  const share = Math.ceil((tries - n) / side);
  for (let round = 0; round < share; round++) {
    const isDisksTurn = round % 3 === 0 && able.includes('disk full');
    const form = able[round] ?? (isDisksTurn ? 'disk full' : random.pick(able));
    try {
      await forms[form]!(place, random);
      // The look of a product that knows nothing of what was before.
      if (form !== 'disk full') {
        const server = await start(place.dataDir, 'product');
        await expectAll(server, place);
        await server.stop();
      }
      expect(await serverPid(place.dataDir)).toBe(0);
    } catch (error) {
      throw new Error(`EMBEDDED_SEED=${seed}, directory ${n}, try ${round}: ${form}`, { cause: error });
    }
    counts[form] = (counts[form] ?? 0) + 1;
  }
}

it('is refused or adopted as stated, and no row is lost', async () => {
  const counts: Record<string, number> = {};
  const ends = await Promise.allSettled(places.map((place, n) => tryPlace(place, n, counts)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const rows = [...places, ...(small === null ? [] : [small])].reduce(
    (sum, place) => sum + place.rows.length,
    0,
  );
  console.log(`EMBEDDED_SEED=${seed}: ${tries} tries ${JSON.stringify(counts)}, ${rows} rows, 0 lost`);
  expect(Object.values(counts).reduce((one, other) => one + other)).toBe(tries);
}, 1_800_000);
