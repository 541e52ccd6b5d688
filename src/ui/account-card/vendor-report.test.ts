import { expect, test } from 'vitest';
import { everyCard } from '../board/board.fixture.ts';
import { vendorReport } from './vendor-report.ts';

test('the report has the facts that a vendor needs, with plain spaces', () => {
  const card = everyCard.find((entry) => entry.name === 'US-Finance-14');
  expect(card && vendorReport(card)).toBe(
    [
      'Account suspended: act_1084532290417763',
      'Vendor: Agency Beta',
      'Suspended: Nov 24, 2026, 10:22 AM EST',
      'Final spend: $412.60 of $600.00 daily cap',
      'Reason: ads integrity policy',
      'Funds left: $2,087.40',
      'Replacement needed',
    ].join('\n'),
  );
});

test('what is not known is left out', () => {
  const card = everyCard.find((entry) => entry.name === 'BR-Auto-03');
  const report = card === undefined ? '' : vendorReport(card);
  expect(report).not.toMatch(/Reason|Funds left|\u00a0/);
  expect(report).toContain('Final spend: R$1,140.00 of R$1,500.00 daily cap');
});
