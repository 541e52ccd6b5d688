import type { AlertKind } from './alert.ts';
import { floorMinor, untuned, type TunedRule } from './rules.ts';
import { isDelivering, isDown, isNotDelivering } from './status.ts';
import type { Change } from './transition.ts';
import { isCut } from './trend.ts';

/** How the kinds of alerts that a change can deserve count for the account that changed. */
export type RuleOf = <K extends AlertKind>(kind: K) => TunedRule<K>;

const untunedRule: RuleOf = (kind) => untuned(kind, { vendorId: null, accountNo: null });

/** Which alert a change of an account with this currency deserves; null when nobody has to be woken. */
export function alertKindOf(
  change: Change,
  currency: string,
  ruleOf: RuleOf = untunedRule,
): AlertKind | null {
  const kind = candidateOf(change, currency, ruleOf);
  return kind !== null && ruleOf(kind).isOn ? kind : null;
}

function candidateOf(change: Change, currency: string, ruleOf: RuleOf): AlertKind | null {
  switch (change.kind) {
    case 'status_changed':
      return statusAlert(change.fromCode, change.toCode);
    case 'daily_limit_changed':
      return limitAlert(change.fromMinor, change.toMinor, currency, ruleOf);
    case 'spend_cap_changed': {
      const { fromMinor, toMinor } = change;
      // A first spend cap is the owner's own decision; the removal of one is no cut.
      if (toMinor === null || fromMinor === null) return null;
      return isFall(fromMinor, toMinor, currency, ruleOf('spend_cap_cut')) ? 'spend_cap_cut' : null;
    }
    case 'access_lost':
      return 'access_lost';
    case 'discovered':
    case 'access_regained':
    case 'amount_spent_reset':
      return null;
  }
}

function statusAlert(from: number | null, to: number | null): AlertKind | null {
  if (to === 2) return 'account_suspended';
  if (to === 100) return 'account_closing';
  if (to === 101) return 'account_closed';
  if (isNotDelivering(to)) return isNotDelivering(from) ? null : 'not_delivering';
  if (isRestore(from, to)) return 'account_restored';
  return isPaymentDue(to) && !isPaymentDue(from) ? 'payment_warning' : null;
}

/** Whether an account that was down shows its ads again. */
export function isRestore(from: number | null, to: number | null): boolean {
  return (isDown(from) || isNotDelivering(from)) && isDelivering(to);
}

/** Codes 8 and 9: ads still run, but Meta waits for money. */
export function isPaymentDue(code: number | null): boolean {
  return code === 8 || code === 9;
}

/** From no limit to a limit is a cut however small; the removal of one is a raise. */
function limitAlert(
  from: number | null,
  to: number | null,
  currency: string,
  ruleOf: RuleOf,
): 'daily_limit_cut' | 'daily_limit_raised' | null {
  if (from === null) return to === null ? null : 'daily_limit_cut';
  if (to === null) return 'daily_limit_raised';
  if (isFall(from, to, currency, ruleOf('daily_limit_cut'))) return 'daily_limit_cut';
  const { percent, floor } = ruleOf('daily_limit_raised').thresholds;
  const isRise = (to - from) * 100 > from * percent && to - from >= floorMinor(floor, currency);
  return isRise ? 'daily_limit_raised' : null;
}

function isFall(
  from: number,
  to: number,
  currency: string,
  { thresholds: { percent, floor } }: TunedRule<'daily_limit_cut' | 'spend_cap_cut'>,
): boolean {
  return isCut(from, to, percent) && from - to >= floorMinor(floor, currency);
}
