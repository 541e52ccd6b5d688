import { buildHouse } from '../src/server/house.ts';
import { furnish } from '../src/server/furnish.ts';
import { parseConfig } from '../src/server/config.ts';
import { runMetrics, runStatus } from '../src/server/triggers.ts';
import { ManualClock } from '../tests/manual-clock.ts';
import { slackReceiver } from '../tests/slack-receiver.ts';
import { benchDatabase, startServer } from './bench-house.ts';
import { dice } from '../tests/dice.ts';
import type { Row } from './row.ts';

const sweepMs = 60_000;
const samples = 200;
const accounts = 100;
const startAt = Date.parse('2026-11-23T15:00:06Z');

/**
 * From a ban at a random moment to the message at Slack: the wait for the next sweep by a simulated clock, plus the real
 * time from the start of that sweep to the received message. Every ban must arrive exactly once.
 */
export async function benchBanToSlack(): Promise<Row[]> {
  const simulator = await startServer('simulator/main.ts', ['--port', '0', '--accounts', String(accounts)]);
  const slack = await slackReceiver();
  const { database, stop } = await benchDatabase();
  try {
    const clock = new ManualClock(startAt);
    const control = async (path: string, body: object) =>
      (
        await fetch(`${simulator.url}/__sim${path}`, { method: 'POST', body: JSON.stringify(body) })
      ).json() as Promise<{
        account_ids: string[];
      }>;
    const moveTo = async (at: number) => {
      clock.advance(at - (await clock.now()));
      await control('/clock', { now: at });
    };
    const config = parseConfig(
      {
        FB_ACCESS_TOKEN: 'bench',
        ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
        META_GRAPH_URL: simulator.url,
        SLACK_WEBHOOK_URL: slack.url,
      },
      false,
    );
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const deps = { ...buildHouse(config, database, silent, null), clock };
    // Somebody takes care of each alert: what is said again would be counted as well.
    const acknowledge = () => database.sql`update alerts set acknowledged_at = now(), next_step_at = null`;
    await furnish(deps);
    await moveTo(startAt);
    await runStatus(deps);
    await runMetrics(deps);
    slack.messages.length = 0;

    const random = dice(11);
    const latencies: number[] = [];
    let wrong = 0;
    let sweepAt = startAt + sweepMs;
    for (let n = 0; n < samples; n++) {
      if (n % 40 === 39) {
        await control('/scenarios', { kind: 'back_to_normal' });
        // So much later that nothing flaps.
        sweepAt += 65 * sweepMs;
        await moveTo(sweepAt);
        await runStatus(deps);
        await acknowledge();
        slack.messages.length = 0;
      }
      const bannedAt = sweepAt + random.below(sweepMs);
      await moveTo(bannedAt);
      const { account_ids } = await control('/scenarios', { kind: 'suspend_one' });
      sweepAt += sweepMs;
      await moveTo(sweepAt);
      const startedMs = performance.now();
      await runStatus(deps);
      const tookMs = performance.now() - startedMs;
      const told = slack.messages
        .splice(0)
        .filter(({ text }) => account_ids.some((id) => text.includes(`act_${id}`)));
      if (told.length !== 1) wrong += 1;
      latencies.push(sweepAt - bannedAt + tookMs);
      await acknowledge();
    }
    const sorted = latencies.toSorted((a, b) => a - b);
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN) / 1000;
    const limit = { unit: 's', baselineName: 'the wait alone (uniform over 60 s)' };
    return [
      { name: `ban to Slack p50, ${samples} bans`, value: at(0.5), baseline: 30, ...limit },
      { name: `ban to Slack p99, ${samples} bans`, value: at(0.99), baseline: 59.4, ...limit },
      {
        name: 'bans that did not arrive exactly once',
        value: wrong,
        unit: 'bans',
        baseline: null,
        baselineName: null,
      },
    ];
  } finally {
    await stop();
    await slack.close();
    await simulator.stop();
  }
}
