import { expect, test } from 'vitest';
import { dice, isLong } from '../dice.ts';
import { CrashWorld } from './alert-crash-world.ts';
import { InterleavedSenders } from './interleaved-senders.ts';
import type { Hits } from './mortal.ts';

/**
 * Crashes at every step of cycle and sender, against receivers that keep books.
 * Ten times as many: LONG=1 npx vitest run --project integration tests/flows/alert-crashes
 */

const seed = Number(process.env['CRASH_SEED'] ?? 20_261_124);
/** So that the database and this process both have something to do. */
const worldsAtOnce = 3;
/** A stage mostly waits. */
const stagesAtOnce = 6;

type Counts = CrashWorld['counts'];

/** Some worlds side by side until they have done enough together. */
async function campaign(receivers: 'recognise' | 'plain', figure: keyof Counts, enough: number) {
  const hits: Hits = new Map();
  const faults: string[] = [];
  const sum: Partial<Counts> = {};
  const run = async (n: number): Promise<void> => {
    const world = await CrashWorld.open(dice(seed + n), receivers, new Map());
    try {
      while (world.counts[figure] < enough / worldsAtOnce) {
        await world.batch();
        if (world.faults.length > 0) break;
      }
    } finally {
      await world.close();
    }
    faults.push(...world.faults.map((fault) => `CRASH_SEED=${seed}, world ${n}: ${fault}`));
    for (const [step, times] of world.hits) hits.set(step, (hits.get(step) ?? 0) + times);
    for (const [name, value] of Object.entries(world.counts))
      sum[name as keyof Counts] = (sum[name as keyof Counts] ?? 0) + value;
  };
  await Promise.all(Array.from({ length: worldsAtOnce }, (_, n) => run(n)));
  console.log(`CRASH_SEED=${seed}: ${JSON.stringify(sum)}, ${hits.size} steps`);
  return { hits, faults, sum };
}

test('a crash at any step of cycle and sender: receivers that recognise repeats have everything once', async () => {
  const { hits, faults } = await campaign('recognise', 'crashes', isLong ? 10_000 : 1_500);
  const sorted = [...hits].sort(([, one], [, other]) => one - other);
  console.log(sorted.map(([step, times]) => `${times} ${step}`).join('\n'));
  expect(faults).toEqual([]);
  // The long run meets each step often; the short one meets nearly all.
  if (isLong) expect(sorted.filter(([, times]) => times < 20)).toEqual([]);
  else expect(sorted.length).toBeGreaterThan(80);
}, 1_800_000);

test('plain receivers and lost answers: nothing is lost, and what may be a repeat says so', async () => {
  const { faults, sum } = await campaign('plain', 'sends', isLong ? 5_000 : 1_000);
  expect(faults).toEqual([]);
  // Else nothing came twice, and nothing was shown.
  expect(sum.repeats).toBeGreaterThan(isLong ? 200 : 40);
  expect(sum.unknown).toBeGreaterThan(isLong ? 500 : 100);
}, 1_800_000);

test('senders, acknowledgements and time in any order: one holder of a delivery, and only he records', async () => {
  const plays = isLong ? 5_000 : 300;
  const faults: string[] = [];
  const sum: Record<string, number> = {};
  const run = async (lane: number): Promise<void> => {
    const world = await InterleavedSenders.open();
    try {
      for (let n = lane; n < plays && faults.length === 0; n += stagesAtOnce)
        for (const fault of await world.play(seed + n))
          faults.push(`CRASH_SEED=${seed}, play ${n}: ${fault}`);
    } finally {
      await world.close();
    }
    for (const [name, value] of Object.entries(world.counts)) sum[name] = (sum[name] ?? 0) + value;
  };
  await Promise.all(Array.from({ length: stagesAtOnce }, (_, lane) => run(lane)));
  console.log(`CRASH_SEED=${seed}: ${plays} plays, ${JSON.stringify(sum)}`);
  expect(faults).toEqual([]);
  // Else nobody stood in anybody's way.
  for (const name of ['takeovers', 'stale', 'stuck', 'acknowledged'])
    expect(sum[name], name).toBeGreaterThan(plays / 40);
}, 1_800_000);
