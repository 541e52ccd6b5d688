/** Which accounts a scenario meets when none is named: the first that deliver and spend, in the fleet's order. */
import { viewAccount, type AccountView, type Simulation } from '../simulation.ts';
import { localDay } from '../world/calendar.ts';
import { rangeDelivery } from '../world/fleet.ts';
import { Status } from '../world/status.ts';

/** Up to `count` account ids that are eligible; accounts that a scenario already holds are left alone. */
export function chooseAccounts(
  simulation: Simulation,
  nowMs: number,
  count: number,
  isEligible: (index: number) => boolean,
): string[] {
  const { fleet, book } = simulation;
  const taken = new Set(book.holding(nowMs).flatMap((entry) => entry.account_ids));
  const chosen: string[] = [];
  for (let index = 0; index < fleet.size && chosen.length < count; index++) {
    if (!isEligible(index)) continue;
    const { accountId } = fleet.traits(index);
    if (!taken.has(accountId) && isLively(viewAccount(simulation, index, nowMs))) chosen.push(accountId);
  }
  return chosen;
}

/** Active, with a limit that can be read, and with spend today and yesterday. */
function isLively({ traits, history, nowMs, state }: AccountView): boolean {
  if (traits.limitAnswer !== 'number' || state().status !== Status.active) return false;
  const today = localDay(traits.market.zone, nowMs);
  const hasSpent = (day: number): boolean => rangeDelivery(history, day, day, nowMs).spendMinor > 0;
  return hasSpent(today) && hasSpent(today - 1);
}
