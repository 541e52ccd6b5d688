import type { StateChange, StateNow } from '../../domain/state-spans.ts';
import type { ChangeRow, HistorySubject } from '../../store/account-history.ts';

const stateKinds = ['status_changed', 'access_lost', 'access_regained', 'discovered'];

/** The changes that moved the account's state, as the rules read them; oldest first. */
export function stateChangesOf(rows: readonly ChangeRow[]): StateChange[] {
  return rows.flatMap(({ kind, at, fromCode, toCode, fromState, toState }) => {
    if (!stateKinds.includes(kind) || toState === null) return [];
    const from = kind === 'discovered' || fromState === null ? null : { state: fromState, code: fromCode };
    return [{ at, from, to: { state: toState, code: toCode } }];
  });
}

/** How the account stands now. */
export function stateNowOf({ state, statusCode, stateSince }: HistorySubject): StateNow {
  return { state: state ?? 'unknown', code: statusCode, since: stateSince };
}
