/** What a person may try on the simulated Meta. */
export type Scenario = 'suspend_one' | 'ban_wave' | 'cut_limit' | 'back_to_normal';

/** The controls of a simulated Meta. It only changes that world; ArbHub finds out by reading, like always. */
export interface SimulationControl {
  /** Runs a scenario; answers the accounts that it touched. */
  run(scenario: Scenario): Promise<{ accountIds: string[] }>;
  /** How the simulated world stands. */
  status(): Promise<{ speed: number; accounts: number; vendors: { name: string; businessIds: string[] }[] }>;
}
