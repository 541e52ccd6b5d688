import type { AlertKind, Severity } from './alert.ts';

/** What happens to an alert between its opening and its end: it is said again, told to others, or muted by its cause. */

export const repeatEveryMs = 30 * 60_000;
export const escalateEveryMs = 10 * 60_000;

/** How an open alert stands. Instants are epoch ms. */
export interface AlertStanding {
  severity: Severity;
  /** When people were told first. */
  toldAt: number;
  isAcknowledged: boolean;
  snoozedUntil: number | null;
  /** How often it should have been said again so far. */
  steps: number;
  /** When it was said again last; null when never by a message of its own. */
  repeatedAt: number | null;
  escalatedTo: number;
  /** The highest level of contacts that there is; 0 when nobody stands behind the first ones. */
  highestLevel: number;
}

export interface AlertStep {
  /** Whether it is said again to all who have heard of it. */
  doesRepeat: boolean;
  steps: number;
  escalatedTo: number;
  /** When to look again; null when there is nothing more to say. */
  nextAt: number | null;
}

/**
 * What is due of an open alert now. What was missed while nobody looked is said once, not once per missed time. Only critical
 * ones are said again, until somebody acknowledges; a snooze postpones everything, and its end is a repeat of its own. From one
 * repeat to the next it is never less than the interval, whatever made the first one late.
 */
export function stepAlert(alert: AlertStanding, now: number): AlertStep {
  const { steps, repeatedAt, escalatedTo, snoozedUntil, highestLevel, toldAt } = alert;
  if (alert.isAcknowledged || (alert.severity !== 'critical' && snoozedUntil === null))
    return { doesRepeat: false, steps, escalatedTo, nextAt: null };
  if (snoozedUntil !== null && snoozedUntil > now)
    return { doesRepeat: false, steps, escalatedTo, nextAt: snoozedUntil };
  const past = Math.max(0, now - toldAt);
  const isOver = snoozedUntil !== null;
  if (alert.severity !== 'critical') return { doesRepeat: isOver, steps, escalatedTo, nextAt: null };
  const repeats = Math.floor(past / repeatEveryMs);
  const restsUntil = repeatedAt === null ? -Infinity : repeatedAt + repeatEveryMs;
  const doesRepeat = isOver || (repeats > steps && now >= restsUntil);
  const said = doesRepeat ? Math.max(steps, repeats) : steps;
  const level = Math.max(escalatedTo, Math.min(highestLevel, Math.floor(past / escalateEveryMs)));
  return {
    doesRepeat,
    steps: said,
    escalatedTo: level,
    nextAt: Math.min(
      Math.max(toldAt + (said + 1) * repeatEveryMs, doesRepeat ? now + repeatEveryMs : restsUntil),
      level < highestLevel ? toldAt + (level + 1) * escalateEveryMs : Infinity,
    ),
  };
}

/** More changes of one account's status than this within an hour are flapping. */
const mostChanges = 3;
export const flappingWindowMs = 60 * 60_000;
/** So long without a change, and it is stable again. */
export const stableAfterMs = 30 * 60_000;

export function isFlapping(changesWithinAnHour: number): boolean {
  return changesWithinAnHour > mostChanges;
}

const deadAccount: readonly AlertKind[] = ['account_suspended', 'account_closing', 'account_closed'];
const deadConnection: readonly AlertKind[] = ['token_dead', 'connection_stopped'];

/** Which open alerts explain another one, so that it need not be told by itself. */
const causes: Partial<
  Record<AlertKind, { ofAccount: readonly AlertKind[]; ofConnection: readonly AlertKind[] }>
> = {
  access_lost: { ofAccount: [], ofConnection: deadConnection },
  not_delivering: { ofAccount: deadAccount, ofConnection: [] },
  daily_limit_cut: { ofAccount: deadAccount, ofConnection: [] },
  spend_cap_cut: { ofAccount: deadAccount, ofConnection: [] },
  polling_failing: { ofAccount: [], ofConnection: deadConnection },
};

/** The kinds of open alerts, about the same account or about its connection, that mute an alert of this kind. */
export function causesOf(kind: AlertKind): {
  ofAccount: readonly AlertKind[];
  ofConnection: readonly AlertKind[];
} {
  return causes[kind] ?? { ofAccount: [], ofConnection: [] };
}

/** `3 h`, `45 min`, `2 days`: how long something has lasted, for a message. */
export function lastedWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
