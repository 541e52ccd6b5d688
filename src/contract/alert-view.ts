import type { Severity } from '../domain/alert.ts';

/** What the screens of alerts show. Instants are epoch ms. */

export interface DeliveryView {
  channel: string;
  channelKind: string;
  purpose: string;
  state: string;
  attempts: number;
  dueAt: number;
  createdAt: number;
  sentAt: number | null;
  durationMs: number | null;
  lastError: string | null;
}

export interface AlertView {
  id: number;
  shortId: string;
  kind: string;
  severity: Severity;
  state: 'open' | 'acknowledged' | 'resolved';
  title: string;
  text: string;
  fields: { label: string; value: string }[];
  openedAt: number;
  resolvedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  acknowledgedReason: string | null;
  snoozedUntil: number | null;
  nextStepAt: number | null;
  isFlapping: boolean;
  silence: { author: string; reason: string; endsAt: number } | null;
  mutedBy: { id: number; title: string } | null;
  /** The local day of a daily digest, for its page. */
  digestDay: string | null;
  /** How many accounts it names, and at most 50 of them. */
  accountCount: number;
  accounts: { accountId: string; name: string | null; vendor: string; state: string }[];
  vendors: { vendor: string; named: number; down: number; accounts: number }[];
  /** Money left in its dead accounts, by currency; null where none of them is dead. */
  fundsLeft: { byCurrency: { currency: string; minor: number }[]; unread: number } | null;
  deliveries: DeliveryView[];
}

export interface SilenceView {
  id: number;
  author: string;
  reason: string;
  endsAt: number;
  /** What it covers, in words. */
  scope: string;
  /** Whether the reader may end it. */
  canEnd: boolean;
}

/** The list of alerts with everything around it. */
export interface AlertScreenView {
  now: number;
  /** When the last check of all accounts ended. */
  checkedAt: number | null;
  counts: { open: number; acknowledged: number };
  /** Standing alerts first; what ended, after them. */
  alerts: AlertView[];
  /** The id to go on from; null where nothing older is left. */
  olderThan: number | null;
  chosen: AlertView | null;
  silences: SilenceView[];
  vendors: string[];
  /** How many accounts are looked after. */
  accountCount: number;
}

/** What the link of a message leads to. */
export interface AlertByLink extends Pick<
  AlertView,
  'shortId' | 'severity' | 'state' | 'title' | 'text' | 'fields' | 'openedAt' | 'acknowledgedBy'
> {
  channel: string;
  now: number;
}

export const alertTabs = ['open', 'acknowledged', 'resolved', 'all'] as const;
export type AlertTab = (typeof alertTabs)[number];

/** What the address of the screen asks for; null does not narrow. */
export interface AlertAsk {
  tab: AlertTab;
  kind: string | null;
  vendor: string | null;
  /** The alert whose life is shown. */
  chosen: number | null;
  /** Only ended alerts before this one. */
  before: number | null;
}
