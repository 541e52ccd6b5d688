import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { dice, isLong, type Dice } from '../../tests/dice.ts';
import { findMidnights, zones } from '../../tests/zones.ts';
import { writeToday, type TodayWrite } from './metrics.ts';
import { ensurePartitions } from './snapshots.ts';

/**
 * Account-days across midnights, with readings that come late, twice or in another order: each day closes once, with the last
 * figures that were read of it. LONG=1 npx vitest run --project integration src/store/day-roll
 */

const seed = Number(process.env['ROLL_SEED'] ?? 20_261_126);
const minuteMs = 60_000;
const readEveryMs = 5 * minuteMs;
/** A day concluded from silence gives way to a row of Meta's after this long (`metrics.ts`). */
const silentMs = 9 * minuteMs;

interface Reading {
  at: number;
  day: string;
  spend: number;
}

interface Latest {
  day: string | null;
  spend: number | null;
  at: number | null;
}

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase();
  await fixture.database.sql`insert into connections (name, kind) values ('default', 'meta')`;
});
afterAll(() => fixture.drop());

async function addAccount(zone: string): Promise<number> {
  const [row] = await fixture.database.sql<{ no: number }>`
    with a as (
      insert into accounts (account_id, connection_id, currency, timezone, date_added)
      select 'act_' || count(*) + 1, 1, 'USD', ${zone}, now() from accounts returning no),
    l as (insert into latest (account_no, state) select no, 'active' from a)
    select no from a`;
  return row!.no;
}

/** Readings every five minutes around a midnight as Meta answers them; now and then its day lags behind the zone's. */
function readingsAround(
  midnight: { day: string; at: number },
  before: string,
  spentBefore: number,
  random: Dice,
): Reading[] {
  const lagMs = random.below(3) === 0 ? random.below(20) * minuteMs : 0;
  let spend = spentBefore;
  let today = 0;
  const readings: Reading[] = [];
  for (
    let at = midnight.at - 6 * readEveryMs + random.below(readEveryMs);
    at < midnight.at + 8 * readEveryMs;
    at += readEveryMs
  ) {
    // For some minutes after midnight nothing is delivered: no row, so the day is the zone's own.
    const isSilent = at >= midnight.at && random.below(4) === 0 && today === 0;
    if (isSilent) readings.push({ at, day: midnight.day, spend: 0 });
    else if (at < midnight.at + lagMs) readings.push({ at, day: before, spend: (spend += random.below(50)) });
    else readings.push({ at, day: midnight.day, spend: (today += 1 + random.below(50)) });
  }
  return readings;
}

/** The order in which they are written: some twice, some after newer ones. */
function disturb(readings: readonly Reading[], random: Dice): Reading[] {
  const written = readings.flatMap((reading) => (random.below(6) === 0 ? [reading, reading] : [reading]));
  for (let n = 0; n + 1 < written.length; n++)
    if (random.below(6) === 0) {
      const distance = 1 + random.below(Math.min(4, written.length - n - 1));
      written.splice(n + distance, 0, ...written.splice(n, 1));
    }
  return written;
}

/** The rules once more, one account and one reading at a time. */
function follow(written: readonly Reading[]): { latest: Latest; closed: Map<string, number> } {
  const latest: Latest = { day: null, spend: null, at: null };
  const closed = new Map<string, number>();
  for (const { at, day, spend } of written) {
    if (latest.day !== null && latest.day < day) closed.set(latest.day, latest.spend ?? 0);
    const isOlder = latest.at !== null && latest.at > at;
    const wasSilent = latest.spend === 0 && latest.at !== null && latest.at <= at - silentMs;
    const isYesterday = latest.day !== null && latest.day > day && !wasSilent;
    if (!isOlder && !isYesterday) Object.assign(latest, { day, spend, at });
  }
  return { latest, closed };
}

test('each account-day closes once, with the last figures of the day', async () => {
  const random = dice(seed);
  const { sql } = fixture.database;
  // Three midnights a zone: one on which the clock is changed where there is one, and two others.
  const nights = isLong ? 40 : 3;
  await ensurePartitions(sql, '2025-12-25', 400);
  let written = 0;
  let days = 0;
  const wrong: string[] = [];
  for (const zone of zones) {
    const midnights = findMidnights(zone, '2025-12-31', 365);
    const changes = midnights.flatMap(({ at }, n) =>
      n > 0 && at - midnights[n - 1]!.at !== 86_400_000 ? [n] : [],
    );
    for (let night = 0; night < nights; night++) {
      const n = Math.max(1, changes[night] ?? 1 + random.below(363));
      const accountNo = await addAccount(zone);
      const order = disturb(
        readingsAround(midnights[n]!, midnights[n - 1]!.day, 1000 + random.below(9000), random),
        random,
      );
      for (const [step, { at, day, spend }] of order.entries()) {
        const write: TodayWrite = {
          ...{
            accountNo,
            accountId: `act_${accountNo}`,
            day,
            spendMinor: spend,
            impressions: spend,
            clicks: spend,
          },
          ...{ outboundClicks: spend, cpc: null, isCpcDerived: false, hasSnapshot: false },
        };
        await writeToday(sql, midnights[n]!.at + step * minuteMs, [write], at);
        written += 1;
      }
      const expected = follow(order);
      const found = await sql<{ day: string; spend: number }>`
        select day, live_spend_minor as spend from account_days where account_no = ${accountNo} order by day`;
      const [latest] = await sql<Latest>`
        select day, spend_minor as spend, metrics_at as at from latest where account_no = ${accountNo}`;
      const closed = [...expected.closed].map(([day, spend]) => ({ day, spend }));
      days += closed.length;
      if (JSON.stringify([found, latest]) !== JSON.stringify([closed, expected.latest]))
        wrong.push(
          `${zone} ${midnights[n]!.day}: ${JSON.stringify([found, latest])}, not ${JSON.stringify([closed, expected.latest])}`,
        );
      // And in plain words: one day has ended, and its last figure is the highest that was read of it.
      const highest = Math.max(
        ...order.filter(({ day }) => day === midnights[n - 1]!.day).map(({ spend }) => spend),
      );
      if (found.length !== 1 || found[0]!.spend > highest || latest?.day !== midnights[n]!.day)
        wrong.push(`${zone} ${midnights[n]!.day}: closed ${JSON.stringify(found)}, stands at ${latest?.day}`);
    }
  }
  console.log(`ROLL_SEED=${seed}: ${written} readings, ${days} account-days closed, ${wrong.length} wrong`);
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(days).toBe(zones.length * nights);
}, 600_000);
