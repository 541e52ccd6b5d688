import type { AccountHistory, HistoryEvent } from '../../contract/account-history.ts';
import { changePercent } from '../../domain/trend.ts';
import { isDown, statusWords } from '../../domain/status.ts';
import { limitMoney } from '../kit/figures.ts';

/** An event with the number under which the charts mark it. */
export interface NumberedEvent {
  at: number;
  number: number;
  words: string;
  /** Whether the account went down with it. */
  isDeath: boolean;
}

const most = 12;

/** From one ceiling to another: `$400 → $600 (+50%)`, `no cap → $500`. */
export function stepWords(from: number | null, to: number | null, currency: string, nothing: string): string {
  const amount = (minor: number | null) => {
    if (minor === null) return nothing;
    const { text, exact } = limitMoney(minor, currency);
    return exact ?? text;
  };
  const percent = changePercent(from, to);
  const moved = percent === null || percent === 0 ? '' : ` (${percent > 0 ? '+' : '−'}${Math.abs(percent)}%)`;
  return `${amount(from)} → ${amount(to)}${moved}`;
}

function wordsOf(event: HistoryEvent, currency: string): string {
  switch (event.kind) {
    case 'status':
      return `${statusWords(event.fromCode)} → ${statusWords(event.toCode)}${event.toCode === null ? '' : ` (${event.toCode})`}`;
    case 'limit':
      return `daily limit ${stepWords(event.fromMinor, event.toMinor, currency, 'no limit')}`;
    case 'cap':
      return `spend cap ${stepWords(event.fromMinor, event.toMinor, currency, 'no cap')}`;
    case 'access_lost':
      return 'access lost';
    case 'access_regained':
      return 'access regained';
  }
}

/** The newest events, numbered from the oldest of them on. */
export function numberedEvents(history: Pick<AccountHistory, 'events' | 'currency'>): {
  events: NumberedEvent[];
  /** How many older ones bear no number. */
  unnumbered: number;
} {
  const shown = history.events.slice(-most);
  return {
    events: shown.map((event, place) => ({
      at: event.at,
      number: place + 1,
      words: wordsOf(event, history.currency),
      isDeath: event.kind === 'status' && isDown(event.toCode) && !isDown(event.fromCode),
    })),
    unnumbered: history.events.length - shown.length,
  };
}
