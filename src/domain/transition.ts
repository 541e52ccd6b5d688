import type { DailyLimit, SpendCap } from './pace.ts';
import { deriveState, type Standing, type State } from './status.ts';

/** What is known of an account at one moment, as far as changes are concerned. */
export interface Known extends Standing {
  /** Meta's own daily limit, before the operator's word. */
  metaLimit: DailyLimit;
  spendCap: SpendCap;
  amountSpentMinor: number | null;
}

/** One thing that changed. Amounts are minor units of the account's currency; null = none or unknown. */
export type Change =
  | { kind: 'discovered'; toState: State; toCode: number | null }
  | {
      kind: 'status_changed';
      fromCode: number | null;
      toCode: number | null;
      fromState: State;
      toState: State;
    }
  | { kind: 'daily_limit_changed'; fromMinor: number | null; toMinor: number | null }
  | { kind: 'spend_cap_changed'; fromMinor: number | null; toMinor: number | null }
  | { kind: 'amount_spent_reset'; fromMinor: number; toMinor: number }
  | { kind: 'access_lost' | 'access_regained'; fromState: State; toState: State };

/**
 * What changed between two moments of one account; `before` is null when it has never been seen.
 * A figure that was or is unknown is no change: only two known sides can differ.
 */
export function deriveChanges(before: Known | null, after: Known): Change[] {
  if (before === null) return [{ kind: 'discovered', toState: deriveState(after), toCode: after.statusCode }];
  const changes: Change[] = [];
  if (before.hasAccess !== after.hasAccess)
    changes.push({
      kind: after.hasAccess ? 'access_regained' : 'access_lost',
      fromState: deriveState(before),
      toState: deriveState(after),
    });
  if (before.statusCode !== null && before.statusCode !== after.statusCode)
    changes.push({
      kind: 'status_changed',
      fromCode: before.statusCode,
      toCode: after.statusCode,
      fromState: deriveState({ ...before, hasAccess: true }),
      toState: deriveState({ ...after, hasAccess: true }),
    });
  if (isKnownMove(before.metaLimit, after.metaLimit))
    changes.push({
      kind: 'daily_limit_changed',
      fromMinor: before.metaLimit.minor,
      toMinor: after.metaLimit.minor,
    });
  if (isKnownMove(before.spendCap, after.spendCap))
    changes.push({
      kind: 'spend_cap_changed',
      fromMinor: before.spendCap.minor,
      toMinor: after.spendCap.minor,
    });
  const [spentBefore, spentAfter] = [before.amountSpentMinor, after.amountSpentMinor];
  if (spentBefore !== null && spentAfter !== null && spentAfter < spentBefore)
    changes.push({ kind: 'amount_spent_reset', fromMinor: spentBefore, toMinor: spentAfter });
  return changes;
}

function isKnownMove(from: DailyLimit | SpendCap, to: DailyLimit | SpendCap): boolean {
  return from.source !== 'unknown' && to.source !== 'unknown' && from.minor !== to.minor;
}
