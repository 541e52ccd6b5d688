import { z } from 'zod';
import type { ActivityDetail } from '../domain/activity.ts';
import type { DailyLimit } from '../domain/pace.ts';
import type { StateSpan } from '../domain/state-spans.ts';
import type { State } from '../domain/status.ts';
import type { AccountCard } from './account-card.ts';
import { type HistoryRange, historyRanges } from './account-history.ts';

/** What the page of one account shows. Instants are epoch ms, amounts minor units of the account's currency. */
export interface AccountPageView {
  now: number;
  sweepMs: number;
  metricsMs: number;
  card: AccountCard;
  dateAdded: number;
  archivedAt: number | null;
  /** The account-day that runs, or the one on which it died; null where nobody read it. */
  day: DayFigures | null;
  /** Cost per click of the seven account-days before, major units; null without clicks. */
  weekCpc: string | null;
  /** The gravest alert about it that still holds. */
  openAlert: { id: number; title: string; isAcknowledged: boolean } | null;
  /** Whether the reader may write notes and tags. */
  canWrite: boolean;
  timeline: { items: TimelineItem[]; olderThan: string | null };
  /** Null while the account is not down, or nobody knows since when. */
  replay: Replay | null;
}

/** `cpc` is in major units, null without clicks; its change is in per cent against the seven account-days before. */
interface DayFigures {
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
  cpc: string | null;
  cpcChangePercent: number | null;
}

export const timelineKinds = ['status', 'limits', 'log', 'alerts', 'notes'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

interface Happening {
  id: number;
  /** When it happened as Meta tells it, else when we saw it. */
  at: number;
  /** When we saw it, where that is another moment. */
  seenAt: number | null;
}

export type TimelineItem = Happening &
  (
    | {
        source: 'change';
        kind: string;
        fromCode: number | null;
        toCode: number | null;
        fromState: State | null;
        toState: State | null;
        fromMinor: number | null;
        toMinor: number | null;
      }
    | { source: 'log'; eventType: string; words: string | null; detail: ActivityDetail }
    | {
        source: 'alert';
        title: string;
        severity: string;
        resolvedAt: number | null;
        acknowledgedBy: string | null;
        channels: string[];
      }
    | { source: 'note'; author: string; words: string }
  );

/** The three days before an account went down, as far as anything is known of them. */
export interface Replay {
  from: number;
  diedAt: number;
  state: State;
  spans: StateSpan[];
  /** Spend of each clock hour; null where it was not read. */
  hours: { at: number; spendMinor: number | null }[];
  /** The daily limit, each from its instant on. */
  limits: { at: number; minor: number | null; source: DailyLimit['source'] }[];
  /** Ads that Meta's review turned down. */
  rejected: { at: number; ads: number }[];
  payments: { at: number; isFailed: boolean; words: string }[];
  siblings: { at: number; accountId: string; tie: 'business' | 'vendor' | 'connection' }[];
  /** From when on Meta's log has been read; null = never. */
  logFrom: number | null;
  /** From when on the account's state was watched. */
  watchedFrom: number;
}

/** What the address of the page asks for; null does not narrow. */
export interface AccountAsk {
  range: HistoryRange;
  kind: TimelineKind | null;
  before: string | null;
}

const first = (value: unknown) => (Array.isArray(value) ? (value as unknown[])[0] : value);

/** The search parameters of the page; what cannot be meant is dropped. */
export const accountAsk = z.object({
  range: z.preprocess(first, z.enum(historyRanges)).catch('7d'),
  kind: z.preprocess(first, z.enum(timelineKinds)).nullable().catch(null),
  before: z
    .preprocess(first, z.string().regex(/^[0-9]{1,15}\.[0-3]\.[0-9]{1,15}$/))
    .nullable()
    .catch(null),
});
