import { expect, test } from 'vitest';
import { exportQuery } from '../../contract/export.ts';
import { exportAddress } from './export-ask.ts';

const ask = { from: '2026-11-01', to: '2026-11-30', every: '1d', vendor: '', account: '' };

test('the last day is in the file, and the API can read what is asked', () => {
  const address = exportAddress({ ...ask, vendor: 'Agency Alpha & Co', account: 'act_1' });
  const href = 'href' in address ? address.href : '';
  expect(href).toBe(
    '/api/v1/export/metrics.csv?from=2026-11-01&to=2026-12-01&every=1d&vendor=Agency+Alpha+%26+Co&account=act_1',
  );
  expect(exportQuery.parse(Object.fromEntries(new URL(href, 'http://x').searchParams))).toMatchObject({
    vendor: 'Agency Alpha & Co',
    account: 'act_1',
  });
});

test.each([
  [{ from: '' }, /first and the last day/],
  [{ from: '2026-12-01' }, /must not be after/],
  [{ from: '2025-01-01' }, /400 days/],
  [{ account: '123' }, /act_ and its digits/],
])('%j is refused with a reason', (given, problem) => {
  expect(exportAddress({ ...ask, ...given })).toEqual({ problem: expect.stringMatching(problem) as string });
});
