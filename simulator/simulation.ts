/** Everything one running simulator consists of; handed to the edges and to the control API. */
import type { Clock } from './clock.ts';
import type { ScenarioBook } from './control/scenario-book.ts';
import type { Usage } from './graph/usage.ts';
import type { RequestLog } from './request-log.ts';
import type { AccountTraits } from './world/account-traits.ts';
import { stateAt, type AccountState, type Fleet } from './world/fleet.ts';
import type { AccountHistory } from './world/history.ts';

export interface Simulation {
  readonly fleet: Fleet;
  readonly book: ScenarioBook;
  readonly clock: Clock;
  readonly usage: Usage;
  readonly log: RequestLog;
  readonly appSecret: string | undefined;
  readonly batchMs: number;
  readonly singleMs: number;
  /** Writes entries and clock to the state file. */
  save(): void;
}

/** One account as it stands at one instant. */
export interface AccountView {
  readonly traits: AccountTraits;
  readonly history: AccountHistory;
  readonly nowMs: number;
  /** Computed when first asked: many reads need only the traits. */
  state(): AccountState;
}

export function viewAccount(simulation: Simulation, index: number, nowMs: number): AccountView {
  const { fleet, book } = simulation;
  const traits = fleet.traits(index);
  const history = fleet.history(index, nowMs, book.interventions(traits.accountId));
  let state: AccountState | undefined;
  return { traits, history, nowMs, state: () => (state ??= stateAt(history, nowMs)) };
}
