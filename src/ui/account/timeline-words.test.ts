import { expect, test } from 'vitest';
import type { TimelineItem } from '../../contract/account-page.ts';
import { entryWords } from './timeline-words.ts';

const when = { id: 1, at: 1_000_000, seenAt: null };
const nothing = {
  fromCode: null,
  toCode: null,
  fromState: null,
  toState: null,
  fromMinor: null,
  toMinor: null,
};
const change = (kind: string, more: object): TimelineItem => ({
  ...when,
  ...nothing,
  ...{ source: 'change', kind },
  ...more,
});

test.each([
  [
    change('status_changed', { fromCode: 1, toCode: 2, toState: 'suspended', seenAt: 1_048_000 }),
    'Suspended: active → suspended (2) | time from Meta’s log; seen by us 48\u00a0s later',
  ],
  [change('status_changed', { fromCode: 1, toCode: 9, toState: 'warning' }), 'active → grace period (9)'],
  [
    change('status_changed', { fromCode: 2, toCode: 1, toState: 'active' }),
    'Restored: disabled by Meta → active',
  ],
  [change('daily_limit_changed', { fromMinor: 40_000, toMinor: 60_000 }), 'Daily limit $400 → $600 (+50%)'],
  [change('spend_cap_changed', { fromMinor: 40_000, toMinor: null }), 'Spend cap $400 → no cap'],
  [change('discovered', { toState: 'active', toCode: 1 }), 'Found by ArbHub, active'],
  [
    {
      ...when,
      ...{ source: 'log', eventType: 'ad_review_declined', words: 'Ad review declined' },
      detail: { about: 'rejected', ads: 4 },
    },
    '4 ads rejected | Meta’s log',
  ],
  [
    {
      ...when,
      source: 'log',
      eventType: 'something_new',
      words: null,
      detail: { about: 'other', ads: null },
    },
    'something_new | Meta’s log',
  ],
  [
    {
      ...when,
      ...{ source: 'alert', title: 'Account suspended', severity: 'critical', resolvedAt: null },
      ...{ acknowledgedBy: null, channels: ['Slack', 'Telegram'] },
    },
    'Alert: Account suspended | told: Slack, Telegram | still open',
  ],
] as [TimelineItem, string][])('%# is told as it is', (item, words) => {
  const { lead, title, notes } = entryWords(item, 'USD');
  expect([lead === null ? title : `${lead}: ${title}`, ...notes].join(' | ')).toBe(words);
});
