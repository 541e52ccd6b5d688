import { expect, test } from 'vitest';
import { runAsks, type Ask } from './batch.ts';
import type { Answer, BatchItem, MetaClient } from './client.ts';
import { failure, type Remedy } from './failures.ts';
import { UsageMeter } from './usage.ts';

/** What the client says to an item: a body, or the failure that this remedy stands for. */
type Say = (item: string, nthTry: number) => Remedy | null | Promise<Remedy | null>;

const signal = new AbortController().signal;
const name = ({ path }: BatchItem) => path;

/** A client that keeps the batches it was sent and answers as `say` tells. */
function scripted(say: Say) {
  const sent: string[][] = [];
  const tries = new Map<string, number>();
  const pauses: number[] = [];
  let running = 0;
  const most = { atOnce: 0 };
  const answer = async (item: BatchItem): Promise<Answer> => {
    const nthTry = (tries.get(name(item)) ?? 0) + 1;
    tries.set(name(item), nthTry);
    const remedy = await say(name(item), nthTry);
    return remedy === null
      ? { ok: true, body: name(item), headers: new Map() }
      : { ok: false, failure: failure(remedy, `said ${remedy}`) };
  };
  const client: Pick<MetaClient, 'batch'> = {
    async batch(items) {
      sent.push(items.map(name));
      most.atOnce = Math.max(most.atOnce, ++running);
      await Promise.resolve();
      const answers = await Promise.all(items.map(answer));
      running -= 1;
      return answers;
    },
  };
  const plan = {
    concurrency: 1,
    random: () => 1,
    sleep: (ms: number) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  };
  return { client: client as MetaClient, sent, pauses, most, plan, tries };
}

/** Questions of one item each: `a1`, `a2`, ... */
const asksOf = (count: number) => Array.from({ length: count }, (_, n) => askOf(`a${n + 1}`));
const askOf = (...paths: string[]): Ask<string> => ({
  items: paths.map((path) => ({ path, params: {} })),
  read: (bodies) => `${bodies.join('+')}`,
  fail: ({ remedy }) => `${paths.join('+')}:${remedy}`,
});

async function run(
  script: ReturnType<typeof scripted>,
  asks: Ask<string>[],
  more: { concurrency?: number; signal?: AbortSignal } = {},
) {
  const plan = { ...script.plan, concurrency: more.concurrency ?? 1 };
  const generator = runAsks(script.client, asks, plan, more.signal ?? signal);
  const yields: string[][] = [];
  for (;;) {
    const step = await generator.next();
    if (step.done) return { out: yields.flat(), yields, end: step.value };
    yields.push(step.value);
  }
}

const sizes = (sent: string[][]) => sent.map(({ length }) => length);

test.each([
  [0, []],
  [1, [1]],
  [50, [50]],
  [51, [50, 1]],
  [100, [50, 50]],
  [101, [50, 50, 1]],
])('%i questions travel in batches of %j, each once and in order', async (count, expected) => {
  const script = scripted(() => null);
  const { out, end } = await run(script, asksOf(count));
  expect(sizes(script.sent)).toEqual(expected);
  expect(script.sent.flat()).toEqual(asksOf(count).map(({ items }) => items[0]?.path));
  expect(out).toEqual(script.sent.flat());
  expect(end).toBeNull();
  expect(script.pauses).toEqual([]);
});

test('the items of one question are never parted, and its answers come in its own order', async () => {
  const script = scripted(() => null);
  const asks = [...asksOf(49), askOf('x', 'y'), askOf('z')];
  const { out } = await run(script, asks);
  expect(sizes(script.sent)).toEqual([49, 3]);
  expect(out.slice(-2)).toEqual(['x+y', 'z']);
});

test.each([
  ['retry', 3],
  ['shrink', 3],
  ['unknown', 2],
  ['request', 1],
  ['access', 1],
  ['throttle_account', 1],
  ['token', 1],
  ['config', 1],
  ['blocked', 1],
  ['throttle_app', 1],
  ['throttle_token', 1],
] satisfies [Remedy, number][])('%s is asked %i times in all', async (remedy, expected) => {
  const script = scripted((item) => (item === 'a2' ? remedy : null));
  const { out } = await run(script, asksOf(3));
  expect(script.tries).toEqual(new Map([['a1', 1], ['a2', expected], ['a3', 1]])); // prettier-ignore
  expect(out.toSorted()).toEqual(['a1', `a2:${remedy}`, 'a3']);
});

test('what heals on the second or third try is an answer like any other', async () => {
  const script = scripted((item, nth) =>
    (item === 'a2' && nth < 2) || (item === 'a3' && nth < 3) ? 'retry' : null,
  );
  const { yields, end } = await run(script, asksOf(4));
  expect(yields).toEqual([['a1', 'a4'], ['a2'], ['a3']]);
  expect(script.sent.slice(1)).toEqual([['a2', 'a3'], ['a3']]);
  expect(end).toBeNull();
});

test('one bad item of two fails the question, and both are asked again together', async () => {
  const script = scripted((item, nth) => (item === 'y' && nth === 1 ? 'retry' : null));
  const { out } = await run(script, [askOf('x', 'y'), askOf('z')]);
  expect(script.sent).toEqual([
    ['x', 'y', 'z'],
    ['x', 'y'],
  ]);
  expect(out).toEqual(['z', 'x+y']);
});

test.each([
  ['the first of a full batch', 50, 1, [50, 1, 1]],
  ['a full batch that fails once as a whole', 50, 50, [50, 25, 25, 13, 13, 13, 11]],
  ['a small batch', 8, 8, [8, 4, 4, 2, 2, 2, 2]],
  ['one', 1, 1, [1, 1, 1]],
])('not executed in time: %s goes in smaller batches each time', async (_what, count, bad, expected) => {
  const script = scripted((item) => (Number(item.slice(1)) <= bad ? 'shrink' : null));
  await run(script, asksOf(count));
  expect(sizes(script.sent).toSorted((a, b) => b - a)).toEqual(expected.toSorted((a, b) => b - a));
});

test('what is tried again after a broken line goes at most 25 at once', async () => {
  const script = scripted(() => 'retry');
  await run(script, asksOf(100));
  expect(sizes(script.sent)).toEqual([50, 50, 25, 25, 25, 25, 25, 25, 25, 25]);
});

test('the pauses between tries grow, and there is none after the last', async () => {
  const script = scripted(() => 'retry');
  await run(script, asksOf(1));
  expect(script.pauses).toEqual([1000, 2000]);
});

test.each(['token', 'config', 'blocked', 'throttle_app', 'throttle_token'] satisfies Remedy[])(
  '%s stops the batches that wait; every question hears why',
  async (remedy) => {
    const script = scripted((item) => (item === 'a60' ? remedy : null));
    const { out, end } = await run(script, asksOf(200));
    expect(sizes(script.sent)).toEqual([50, 50]);
    expect(end).toMatchObject({ remedy });
    expect(out).toHaveLength(200);
    expect(out.filter((text) => text.endsWith(remedy))).toHaveLength(1 + 100);
    // What came in the same batch as the failure is kept.
    expect(out).toContain('a99');
  },
);

test.each(['access', 'request', 'throttle_account', 'retry', 'shrink', 'unknown'] satisfies Remedy[])(
  '%s of one account stops no other',
  async (remedy) => {
    const script = scripted((item) => (item === 'a1' ? remedy : null));
    const { out, end } = await run(script, asksOf(120));
    expect(end).toBeNull();
    expect(out.filter((text) => !text.includes(':'))).toHaveLength(119);
  },
);

test('what waits for its second try is not sent once the token is dead', async () => {
  const script = scripted((item) => (item === 'a1' ? 'retry' : item === 'a2' ? 'token' : null));
  const { out, end } = await run(script, asksOf(3));
  expect(script.sent).toHaveLength(1);
  expect(out.toSorted()).toEqual(['a1:token', 'a2:token', 'a3']);
  expect(end).toMatchObject({ remedy: 'token' });
});

test('the end of the cycle ends the tries', async () => {
  const cycle = new AbortController();
  const script = scripted(() => {
    cycle.abort();
    return 'retry';
  });
  const { out, end } = await run(script, asksOf(2), { signal: cycle.signal });
  expect(script.sent).toHaveLength(1);
  expect(script.pauses).toEqual([]);
  expect(out).toEqual(['a1:retry', 'a2:retry']);
  expect(end).toBeNull();
});

test.each([
  [1, 1],
  [4, 4],
  [9, 6],
])('at most %i batches are on their way at once', async (concurrency, expected) => {
  const script = scripted(() => null);
  const { out } = await run(script, asksOf(300), { concurrency });
  expect(script.most.atOnce).toBe(expected);
  expect(new Set(out).size).toBe(300);
});

test('a slow batch holds up no other', async () => {
  let release = () => {};
  const held = new Promise<null>((resolve) => (release = () => resolve(null)));
  const script = scripted((item) => (item === 'a1' ? held : null));
  const generator = runAsks(script.client, asksOf(150), { ...script.plan, concurrency: 2 }, signal);
  const first = await generator.next();
  const second = await generator.next();
  expect([first.value, second.value]).toEqual([
    expect.arrayContaining(['a51']),
    expect.arrayContaining(['a101']),
  ]);
  release();
  expect((await generator.next()).value).toEqual(expect.arrayContaining(['a1']));
  expect(await generator.next()).toEqual({ done: true, value: null });
});

const busy = (type: string, call_count: unknown) => ({ type, call_count, total_cputime: 3, total_time: 4 });
test.each([
  ['x-app-usage', { call_count: 28, total_time: 25, total_cputime: 31 }, 31],
  ['x-app-usage', { call_count: 'many', total_time: 25, total_cputime: 3 }, 25],
  ['x-app-usage', [], null],
  ['x-app-usage', null, null],
  ['x-ad-account-usage', { acc_id_util_pct: 9.67, reset_time_duration: 100 }, 9.67],
  ['x-ad-account-usage', 7, null],
  ['x-fb-ads-insights-throttle', { app_id_util_pct: 112, acc_id_util_pct: 10 }, 112],
  ['x-business-use-case-usage', { 1: [busy('a', 7)], 2: [busy('b', 97), busy('c', 1)] }, 97],
  ['x-business-use-case-usage', { 1: busy('a', 7) }, null],
  ['x-business-use-case-usage', {}, null],
])('the header %s with %j tells %s percent', (header, value, expected) => {
  const meter = new UsageMeter();
  meter.headers(new Map([[header, JSON.stringify(value)]]));
  expect(meter.take().highestUsagePercent).toBe(expected);
});
