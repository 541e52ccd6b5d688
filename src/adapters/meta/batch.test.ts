import { expect, test } from 'vitest';
import { runAsks, type Ask, type Gatekeeper } from './batch.ts';
import type { Answer, BatchItem, MetaClient } from './client.ts';
import { failure, type Remedy } from './failures.ts';
import { highestOf, readUsage } from './usage.ts';

/** What the client says to an item: a body, or the failure that this remedy stands for. */
type Say = (item: string, nthTry: number) => Remedy | null | Promise<Remedy | null>;

const signal = new AbortController().signal;
const open: Gatekeeper = {
  holds: () => null,
  isTokenAlive: () => Promise.resolve(false),
  retried: () => {},
};
const name = ({ path }: BatchItem) => path;

/** A client that keeps the batches it was sent and answers as `say` tells. */
function scripted(say: Say, code: number | null = null) {
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
      ? { ok: true, body: name(item) }
      : { ok: false, failure: { ...failure(remedy, `said ${remedy}`), code } };
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
  more: { concurrency?: number; signal?: AbortSignal; gate?: Gatekeeper } = {},
) {
  const plan = { ...script.plan, concurrency: more.concurrency ?? 1 };
  const generator = runAsks(script.client, asks, plan, more.gate ?? open, {
    signal: more.signal ?? signal,
    now: () => 0,
  });
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
  const script = scripted((item, nthTry) => (Number(item.slice(1)) <= 50 && nthTry < 3 ? 'retry' : null));
  await run(script, asksOf(100));
  expect(sizes(script.sent)).toEqual([50, 50, 25, 25, 25, 25]);
});

test.each([
  [100, 1000],
  [1000, 1],
])(
  'while everything fails, %i questions cost at most 1.6 times their calls, or 100 more',
  async (count, concurrency) => {
    const script = scripted(() => 'retry');
    const { out } = await run(script, asksOf(count), { concurrency });
    const calls = sizes(script.sent).reduce((sum, size) => sum + size, 0);
    expect(calls).toBeGreaterThan(count);
    expect(calls).toBeLessThanOrEqual(count + Math.max(100, 0.6 * count));
    expect(out).toHaveLength(count);
  },
);

test("a configuration error of one account is that account's, one of the whole call stops all", async () => {
  const script = scripted((item) => (item === 'a60' ? 'config' : null));
  const { out, end } = await run(script, asksOf(200));
  expect(end).toBeNull();
  expect(out.filter((text) => text.endsWith(':config'))).toEqual(['a60:config']);
  const refused: Answer = { ok: false, failure: failure('config', 'no such version'), isWhole: true };
  const broken = { batch: (items: readonly BatchItem[]) => Promise.resolve(items.map(() => refused)) };
  const whole = await run({ ...scripted(() => null), client: broken as unknown as MetaClient }, asksOf(200));
  expect(whole.end).toMatchObject({ remedy: 'config' });
  expect(whole.out.filter((text) => text.endsWith(':config'))).toHaveLength(200);
  // A batch of one: what its item says is still that account's.
  expect(
    await run(
      scripted(() => 'config'),
      asksOf(1),
    ),
  ).toMatchObject({ end: null, out: ['a1:config'] });
});

test.each([
  ['lives, and so the account is not to be read', true, 'access', null],
  ['is dead as well', false, 'token', 'token'],
  ['cannot be asked either', null, 'retry', null],
])('one item calls the token dead: the token %s', async (_what, isAlive, remedy, end) => {
  let asked = 0;
  const isTokenAlive = () => {
    asked += 1;
    return Promise.resolve(isAlive);
  };
  const script = scripted((item) => (item === 'a1' || item === 'a2' ? 'token' : null));
  const outcome = await run(script, asksOf(120), { gate: { ...open, isTokenAlive } });
  expect(asked).toBe(1);
  expect(outcome.out).toContain(`a1:${remedy}`);
  expect(outcome.end?.remedy ?? null).toBe(end);
  expect(outcome.out).toHaveLength(120);
});

test('what the limits hold back is not sent, and hears why', async () => {
  const script = scripted(() => null);
  const holds = (item: BatchItem) => (item.path === 'a2' ? failure('held', 'left alone') : null);
  const { out, end } = await run(script, asksOf(3), { gate: { ...open, holds } });
  expect(script.sent).toEqual([['a1', 'a3']]);
  expect(out.toSorted()).toEqual(['a1', 'a2:held', 'a3']);
  expect(end).toBeNull();
});

test('too much for one question alone: less is asked', async () => {
  const days: number[] = [];
  const askDays = (count: number): Ask<string> => ({
    ...askOf(`d${count}`),
    read: () => {
      days.push(count);
      return `read ${count}`;
    },
    smaller: () => (count < 2 ? null : askDays(Math.floor(count / 2))),
  });
  const script = scripted((item) => (Number(item.slice(1)) > 30 ? 'shrink' : null));
  expect((await run(script, [askDays(90)])).out).toEqual(['read 22']);
  expect(script.sent).toEqual([['d90'], ['d45'], ['d22']]);
});

test('Meta calls a question too large: it is halved down to the last day, however often', async () => {
  const askDays = (count: number): Ask<string> => ({
    ...askOf(`d${count}`),
    smaller: () => (count < 2 ? null : askDays(Math.floor(count / 2))),
  });
  const script = scripted((item) => (Number(item.slice(1)) > 3 ? 'shrink' : null), 100);
  expect((await run(script, [askDays(90)])).out).toEqual(['d2']);
  expect(script.pauses).toEqual([1000, 2000, 4000, 4000, 4000]);
  const never = scripted(() => 'shrink', 100);
  expect((await run(never, [askDays(90)])).out).toEqual(['d1:shrink']);
});

test('batches go on being sent while the caller is busy', async () => {
  const script = scripted(() => null);
  const generator = runAsks(script.client, asksOf(500), script.plan, open, { signal, now: () => 0 });
  await generator.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(script.sent).toHaveLength(10);
  expect((await generator.next()).value).toHaveLength(450);
});

test('a caller who walks away is asked for nothing more', async () => {
  const script = scripted(() => new Promise((resolve) => setTimeout(() => resolve(null), 5)));
  const generator = runAsks(script.client, asksOf(500), script.plan, open, { signal, now: () => 0 });
  await generator.next();
  await generator.return(null);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(script.sent.length).toBeLessThanOrEqual(2);
});

test('the pauses between tries grow, and there is none after the last', async () => {
  const script = scripted(() => 'retry');
  await run(script, asksOf(1));
  expect(script.pauses).toEqual([1000, 2000]);
});

test.each(['token', 'blocked', 'throttle_app', 'throttle_token'] satisfies Remedy[])(
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
  const generator = runAsks(script.client, asksOf(150), { ...script.plan, concurrency: 2 }, open, {
    signal,
    now: () => 0,
  });
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
  const report = readUsage(new Map([[header, JSON.stringify(value)]]));
  expect(report === null ? null : highestOf(report)).toBe(expected);
});
