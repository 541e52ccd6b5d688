import { expect, test } from 'vitest';
import { dice, isLong } from '../../tests/dice.ts';
import { findMidnights, zones } from '../../tests/zones.ts';
import { addDays, dayProgress, localDay, startOfDay, zoneDays } from './calendar.ts';

/** Days of forty zones against midnights that were found by looking. LONG=1 takes twelve years instead of three. */

const seed = Number(process.env['ZONE_SEED'] ?? 20_261_125);
const from = isLong ? '2018-12-31' : '2024-12-31';
const days = isLong ? 12 * 366 : 3 * 365;

test(`${zones.length} zones, ${days} midnights each: 0 wrong days`, () => {
  const random = dice(seed);
  const wrong: string[] = [];
  let looks = 0;
  let odd = 0;
  for (const zone of zones) {
    const midnights = findMidnights(zone, from, days);
    const known = new Map(midnights.map(({ day, at }) => [day, at]));
    const check = (at: number, day: string) => {
      looks += 1;
      const start = known.get(day);
      const end = known.get(addDays(day, 1));
      const told = zoneDays(at)(zone);
      const progress = dayProgress(at, zone);
      if (localDay(at, zone) !== day || told.day !== day)
        wrong.push(`${zone} ${at}: ${told.day}, not ${day}`);
      if (start !== undefined && (told.elapsedMs !== at - start || progress.elapsedMs !== at - start))
        wrong.push(`${zone} ${at}: ${told.elapsedMs} ms of the day, not ${at - start}`);
      if (end !== undefined && progress.leftMs !== end - at)
        wrong.push(`${zone} ${at}: ${progress.leftMs} ms left, not ${end - at}`);
    };
    midnights.forEach(({ day, at }, n) => {
      if (startOfDay(day, zone) !== at)
        wrong.push(`${zone} ${day} begins at ${startOfDay(day, zone)}, not ${at}`);
      const lengthMs = (midnights[n + 1]?.at ?? at + 86_400_000) - at;
      if (lengthMs !== 86_400_000) odd += 1;
      check(at - 1, addDays(day, -1));
      check(at, day);
      if (n % 5 === 0) check(at + random.below(lengthMs), day);
    });
    if (midnights.length !== days || known.size !== days) wrong.push(`${zone}: ${known.size} days found`);
  }
  console.log(
    `ZONE_SEED=${seed}: ${looks} instants, ${odd} days that are not of 24 hours, ${wrong.length} wrong`,
  );
  expect(wrong.slice(0, 10)).toEqual([]);
  // Else no clock was changed in what was looked at.
  expect(odd).toBeGreaterThan(100);
}, 600_000);
