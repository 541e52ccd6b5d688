import type { TimelineItem, TimelineKind } from '../../contract/account-page.ts';
import { isDown, isNotDelivering, type State, statusWords } from '../../domain/status.ts';
import type { IconName } from '../kit/icon.tsx';
import { age } from '../kit/times.ts';
import { stepWords } from './event-words.ts';
import { stateWords } from './state-words.ts';

/** An entry of the timeline as it is read; `tone` colours its mark only. */
export interface EntryWords {
  icon: IconName;
  tone: string;
  lead: string | null;
  title: string;
  notes: string[];
}

export const kindWords: Readonly<Record<TimelineKind, string>> = {
  status: 'State and access',
  limits: 'Limits and caps',
  log: 'Meta’s log',
  alerts: 'Alerts',
  notes: 'Notes',
};

type Change = Extract<TimelineItem, { source: 'change' }>;

const plain = (title: string, icon: IconName, tone = 'info'): EntryWords => ({
  ...{ icon, tone, lead: null, title, notes: [] },
});

function seenWords({ at, seenAt }: TimelineItem): string[] {
  if (seenAt === null || seenAt === at) return [];
  const isLater = seenAt - at >= 1000;
  return [`time from Meta’s log${isLater ? `; seen by us ${age(seenAt - at)} later` : ''}`];
}

function stateEntry(change: Change): EntryWords {
  const { fromCode, toCode, toState } = change;
  const to = { state: toState ?? 'unknown', code: toCode };
  const title = `${statusWords(fromCode)} → ${stateWords(to)}`;
  const notes = seenWords(change);
  if (isDown(toCode)) {
    const lead = toCode === 2 ? 'Suspended' : toCode === 101 ? 'Closed' : 'Closing';
    const icon = toCode === 2 ? 'suspended' : toCode === 101 ? 'closed' : 'closing';
    return { icon, tone: 'suspended', lead, title, notes };
  }
  if (isDown(fromCode) && toCode === 1)
    return { icon: 'active', tone: 'good', lead: 'Restored', title, notes };
  const [icon, tone] = markOf(toState, toCode);
  return { icon, tone, lead: null, title, notes };
}

function markOf(state: State | null, code: number | null): [IconName, string] {
  if (isNotDelivering(code)) return ['stopped', 'stopped'];
  if (state === 'warning') return ['warning', 'warning'];
  return state === 'active' ? ['active', 'good'] : ['unknown', 'info'];
}

function changeEntry(change: Change, currency: string): EntryWords {
  const { fromMinor, toMinor } = change;
  const [isUp, isDownward] = [
    (toMinor ?? Infinity) > (fromMinor ?? Infinity),
    (toMinor ?? Infinity) < (fromMinor ?? Infinity),
  ];
  const step = (what: string, nothing: string): EntryWords => ({
    ...{
      icon: isUp ? 'up' : 'down',
      tone: isDownward ? 'warning' : 'good',
      lead: null,
      notes: seenWords(change),
    },
    title: `${what} ${stepWords(fromMinor, toMinor, currency, nothing)}`,
  });
  switch (change.kind) {
    case 'status_changed':
      return stateEntry(change);
    case 'daily_limit_changed':
      return step('Daily limit', 'no limit');
    case 'spend_cap_changed':
      return step('Spend cap', 'no cap');
    case 'amount_spent_reset':
      return plain('Meta’s counter of the amount spent was reset', 'down');
    case 'access_lost':
      return plain('Access lost', 'lost', 'lost');
    case 'access_regained':
      return plain('Access regained', 'active', 'good');
    case 'discovered': {
      const { toState, toCode } = change;
      return plain(`Found by ArbHub, ${stateWords({ state: toState ?? 'unknown', code: toCode })}`, 'search');
    }
    case 'archived':
      return plain('Archived: no longer read', 'closed');
    default:
      return plain('Back from the archive', 'active');
  }
}

/** An entry in words. */
export function entryWords(item: TimelineItem, currency: string): EntryWords {
  switch (item.source) {
    case 'change':
      return changeEntry(item, currency);
    case 'log': {
      const { about, ads } = item.detail;
      const words = item.words ?? item.eventType;
      const title =
        about === 'rejected' && ads !== null ? `${ads} ${ads === 1 ? 'ad' : 'ads'} rejected` : words;
      const isBad = about === 'rejected' || about === 'unpaid';
      return {
        ...plain(title, isBad ? 'warning' : 'early', isBad ? 'warning' : 'info'),
        notes: ['Meta’s log'],
      };
    }
    case 'alert': {
      const { channels, resolvedAt, acknowledgedBy, severity, at } = item;
      const told = channels.length === 0 ? 'nobody was told' : `told: ${channels.join(', ')}`;
      const taken = acknowledgedBy === null ? [] : [`acknowledged by ${acknowledgedBy}`];
      const ended = resolvedAt === null ? 'still open' : `ended after ${age(resolvedAt - at)}`;
      const life = severity === 'info' ? [] : [ended];
      return { ...plain(`Alert: ${item.title}`, 'bell'), notes: [told, ...taken, ...life] };
    }
    case 'note':
      return { ...plain(`Note by ${item.author}`, 'person'), notes: [] };
  }
}
