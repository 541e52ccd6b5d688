import { z } from 'zod';
import type { DailyLimit, SpendCap } from '../domain/pace.ts';
import type { StateSpan } from '../domain/state-spans.ts';

export const historyRanges = ['24h', '7d', '30d', '90d'] as const;
export type HistoryRange = (typeof historyRanges)[number];

export const historyQuery = z.object({
  range: z.enum(historyRanges, { error: `range must be one of ${historyRanges.join(', ')}` }).default('7d'),
});

/**
 * What an account's charts are drawn from: columns of equal length, oldest first. Instants are epoch seconds, amounts minor
 * units of `currency`, unknown is null.
 */
export interface AccountHistory {
  range: HistoryRange;
  currency: string;
  timezone: string;
  from: number;
  to: number;
  /** The midnights of the account's zone in between. */
  dawns: number[];
  points: {
    at: number[];
    /** For how many seconds up to `at` the point speaks: a cycle, an hour or a whole account-day. */
    span: number[];
    /** Spend and clicks of the account-day so far; of a whole day where `span` is one. */
    spendMinor: (number | null)[];
    clicks: (number | null)[];
    outboundClicks: (number | null)[];
    /** Meta's cost per click in millionths of a major unit. */
    cpcMicro: (number | null)[];
  };
  /** What changes seldom, each from its instant on. */
  steps: {
    at: number[];
    limitMinor: (number | null)[];
    limitSource: DailyLimit['source'][];
    capMinor: (number | null)[];
    capSource: SpendCap['source'][];
    activeAds: (number | null)[];
    totalAds: (number | null)[];
  };
  /** How the account stood, as far as it was watched. */
  states: StateSpan[];
  /** Stretches of which nothing was read. */
  unread: { from: number; to: number }[];
  /** What changed, oldest first. */
  events: HistoryEvent[];
}

export type HistoryEvent =
  | { kind: 'status'; at: number; fromCode: number | null; toCode: number | null }
  | { kind: 'limit' | 'cap'; at: number; fromMinor: number | null; toMinor: number | null }
  | { kind: 'access_lost' | 'access_regained'; at: number };
