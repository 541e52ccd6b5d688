import { parseAccountId } from '../../domain/account.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Scenario, SimulationControl } from '../../ports/simulation.ts';
import type { Database } from '../../ports/sql.ts';
import type { Wish } from '../members/members-deps.ts';
import { recordAudit } from '../members/record-audit.ts';
import { mustBeAllowed } from '../refusal.ts';

export interface SimulationDeps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  simulation: SimulationControl | null;
}

export const notRunning = { isDone: false, problem: 'No simulated Meta is running.' } as const;

/** Lets something happen on the simulated Meta, to the account that is named or to one that it chooses. Throws `Refused`. */
export async function runScenario(
  deps: SimulationDeps,
  actor: Actor,
  { scenario, account = '' }: { scenario: Scenario; account?: string },
): Promise<Wish<{ accountIds: string[] }>> {
  mustBeAllowed(actor, 'simulation:control');
  if (deps.simulation === null) return notRunning;
  const accountId = account === '' ? null : parseAccountId(account);
  if (account !== '' && accountId === null)
    return { isDone: false, problem: 'Name the account like act_1234567890, or leave it to chance.' };
  const answer = await deps.simulation.run(scenario, accountId);
  if ('problem' in answer) return { isDone: false, problem: answer.problem };
  const { accountIds } = answer;
  await recordAudit(deps, actor, 'simulation.run', { scenario, accountIds });
  return { isDone: true, value: { accountIds } };
}
