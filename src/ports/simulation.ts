import type { AccountId } from '../domain/account.ts';

/** What a person may try on the simulated Meta. */
export type Scenario =
  | 'suspend_one'
  | 'ban_wave'
  | 'cut_limit'
  | 'limit_unreadable'
  | 'throttling'
  | 'outage'
  | 'dead_token'
  | 'access_lost'
  | 'close_account'
  | 'back_to_normal';

/** How the simulated world stands. Instants are epoch ms. */
interface SimulationStatus {
  speed: number;
  now: number;
  accounts: number;
  vendors: { name: string; businessIds: string[] }[];
  /** What was tried and still holds. */
  holding: { scenario: string; since: number; accounts: number }[];
}

/** The controls of a simulated Meta. It only changes that world; ArbHub finds out by reading, like always. */
export interface SimulationControl {
  /** Runs a scenario, on an account where one is named; answers the accounts that it touched, or why it did not. */
  run(
    scenario: Scenario,
    accountId?: AccountId | null,
  ): Promise<{ accountIds: string[] } | { problem: string }>;
  /** How fast its time passes; 1 is the present moment. */
  setSpeed(speed: number): Promise<void>;
  status(): Promise<SimulationStatus>;
}
