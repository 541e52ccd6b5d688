import { expect, test } from 'vitest';
import { addReports, emptyReport, isAlive, type ShardReport } from './cycle-report.ts';

const part = (more: Partial<ShardReport>): ShardReport => ({ ...emptyReport, ...more });

test('parts add up; means are weighed by requests, of p95 and usage the higher one counts', () => {
  const one = part({
    attempted: 3,
    succeeded: 2,
    failures: { rate: 1 },
    requests: 1,
    meanMs: 100,
    p95Ms: 100,
  });
  const other = part({
    ...{ attempted: 5, succeeded: 5, failures: { rate: 2, token: 1 }, requests: 3, meanMs: 200, p95Ms: 90 },
    ...{
      highestUsagePercent: 7,
      versionWarning: 'soon gone',
      slowQueries: 2,
      held: 4,
      unasked: 6,
      retries: 1,
    },
  });
  expect(addReports(one, other)).toEqual(
    part({
      ...{
        attempted: 8,
        succeeded: 7,
        failures: { rate: 3, token: 1 },
        requests: 4,
        meanMs: 175,
        p95Ms: 100,
      },
      ...{
        highestUsagePercent: 7,
        versionWarning: 'soon gone',
        slowQueries: 2,
        held: 4,
        unasked: 6,
        retries: 1,
      },
    }),
  );
});

test('nothing plus nothing is nothing, and unknown stays unknown', () => {
  expect(addReports(emptyReport, emptyReport)).toEqual(emptyReport);
});

test.each([
  [{ attempted: 5, succeeded: 1, unasked: 9 }, true],
  [{ attempted: 0, succeeded: 0, unasked: 0 }, true],
  [{ attempted: 5, succeeded: 0, unasked: 0 }, false],
  [{ attempted: 0, succeeded: 0, unasked: 1 }, false],
])('%j is a sign of life: %s', (report, expected) => expect(isAlive(report)).toBe(expected));
