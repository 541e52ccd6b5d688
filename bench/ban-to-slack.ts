import { PerformanceObserver } from 'node:perf_hooks';
import { connectDatabase } from '../src/adapters/database/connect.ts';
import { formatTarget } from '../src/adapters/database/connection-target.ts';
import { runMetrics, runStatus } from '../src/server/triggers.ts';
import type { TestDatabase } from '../tests/database.ts';
import { dice } from '../tests/dice.ts';
import { graphHouse, minuteMs } from '../tests/graph-house.ts';
import { slackReceiver } from '../tests/slack-receiver.ts';
import { benchDatabase } from './bench-house.ts';
import type { Row } from './row.ts';

const samples = 500;
const accounts = 100;
const startAt = Date.parse('2026-11-23T15:00:05Z');
/** A message that needs more sweeps than this has not arrived. */
const mostSweeps = 10;

/**
 * From a ban at a random moment to the message at Slack: the wait for the sweep that sees it by a simulated clock, with what its
 * tries wait for, plus the real time from the start of that sweep to the received message. Every ban must arrive exactly once.
 * Without faults, and with 5% of Meta's answers being errors. `answer to accept` is the real time from the last byte of the
 * account list that shows the ban to the receiver having the whole message; the outbox is committed in between.
 */
export async function benchBanToSlack(): Promise<Row[]> {
  return [
    ...(await play(0, { p50: 35, p99: 65, max: null })),
    ...(await play(0.05, { p50: 40, p99: 75, max: 135 })),
  ];
}

async function play(
  errorRate: number,
  asked: { p50: number; p99: number; max: number | null },
): Promise<Row[]> {
  const slack = await slackReceiver();
  const house = await graphHouse({
    ...{ startAt, accounts, database: durableDatabase() },
    settings: { FB_ACCESS_TOKEN: 'bench', SLACK_WEBHOOK_URL: slack.url },
  });
  const answers = answersOf(house.meta.url);
  try {
    // Slack takes a message a second: what waits for that takes the clock along. Longer sleeps only keep leases alive.
    const sleep = async (ms: number, signal?: AbortSignal) =>
      ms > 1_500 ? house.clock.sleep(ms, signal) : house.clock.advance(ms);
    const clock = { now: () => house.clock.now(), monotonicMs: () => house.clock.monotonicMs(), sleep };
    const deps = { ...house.deps, clock };
    const sql = deps.database.sql;
    // Somebody takes care of each alert: what is said again would be counted as well.
    const acknowledge = () => sql`update alerts set acknowledged_at = now(), next_step_at = null`;
    const faults = () =>
      errorRate > 0 ? house.scenario({ kind: 'faults', error_rate: errorRate, seed: 7 }) : null;
    await runStatus(deps);
    await runMetrics(deps);
    slack.messages.length = 0;
    await faults();

    const random = dice(11);
    const latencies: number[] = [];
    const passes: number[] = [];
    let wrong = 0;
    let sweepAt = startAt;
    /** The next sweep of the schedule; its tries may have taken the clock along. */
    const sweepNext = async () => {
      sweepAt += minuteMs;
      await house.moveTo(Math.max(house.now(), sweepAt));
      const startedAt = house.now();
      const startedMs = performance.now();
      await runStatus(deps);
      return { at: house.now(), took: performance.now() - startedMs, startedAt };
    };
    for (let n = 0; n < samples; n++) {
      if (n % 40 === 39) {
        await house.scenario({ kind: 'back_to_normal' });
        // So much later that nothing flaps.
        sweepAt += 65 * minuteMs;
        await sweepNext();
        await acknowledge();
        await faults();
        slack.messages.length = 0;
      }
      const bannedAt = sweepAt + random.below(minuteMs);
      await house.moveTo(Math.max(house.now(), bannedAt));
      const banned = house.now();
      const ids = await house.scenario({ kind: 'suspend_one' });
      let told = 0;
      for (let sweep = 0; told === 0 && sweep < mostSweeps; sweep++) {
        slack.acceptedMs.length = 0;
        const { at, took } = await sweepNext();
        const about = slack.messages.splice(0).map(({ text }) => ids.some((id) => text.includes(id)));
        told = about.filter(Boolean).length;
        if (told === 0) continue;
        latencies.push(at - banned + took);
        const accepted = slack.acceptedMs[about.indexOf(true)] ?? NaN;
        passes.push(accepted - (await answers.before(accepted)));
      }
      if (told !== 1) wrong += 1;
      await acknowledge();
    }
    const name = errorRate === 0 ? 'ban to Slack' : `ban to Slack, ${errorRate * 100}% errors`;
    const limit = { unit: 's', baselineName: 'the limit' };
    const rows: Row[] = [
      { name: `${name}: p50 of ${samples}`, value: at(latencies, 0.5) / 1000, baseline: asked.p50, ...limit },
      { name: `${name}: p99`, value: at(latencies, 0.99) / 1000, baseline: asked.p99, ...limit },
      { name: `${name}: most`, value: Math.max(...latencies) / 1000, baseline: asked.max, ...limit },
      {
        ...{ name: `${name}: bans that did not arrive exactly once`, value: wrong, unit: 'bans' },
        ...{ baseline: null, baselineName: null },
      },
    ];
    if (errorRate === 0)
      for (const share of [0.5, 0.99])
        rows.push({
          ...{
            name: `Meta's answer to Slack's accept: p${share * 100}`,
            value: at(passes, share),
            unit: 'ms',
          },
          ...{ baseline: 60, baselineName: 'the limit' },
        });
    return rows;
  } finally {
    answers.close();
    await house.close();
    await slack.close();
  }
}

/** Writes are durable, as in production. */
async function durableDatabase(): Promise<TestDatabase> {
  const { database, target, stop } = await benchDatabase();
  return {
    ...{ database, target, url: formatTarget(target), drop: stop },
    connect: (options = {}) => connectDatabase({ to: target, ...options }),
  };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** When the product had the last bytes of Meta's lists of accounts, as Node itself notes it of each `fetch`. */
function answersOf(url: string): { before(ms: number): Promise<number>; close(): void } {
  const ends: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.name.startsWith(url) && entry.name.includes('adaccounts'))
        ends.push(entry.startTime + entry.duration);
  });
  observer.observe({ type: 'resource' });
  return {
    async before(ms) {
      // Entries are handed over in a task of their own.
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ends.findLast((end) => end <= ms) ?? NaN;
    },
    close: () => observer.disconnect(),
  };
}
