import type { Actor } from '../../domain/permissions.ts';
import type { Deps } from '../../server/house.ts';
import { readSurroundings } from '../../services/accounts/read-surroundings.ts';
import type { ShellProps } from '../../ui/house/house-shell.tsx';
import { runScenario, signOut } from './dashboard/actions.ts';

/** What the frame of a page is given, whatever the page shows. */
export async function shellOf(deps: Deps, actor: Actor): Promise<Omit<ShellProps, 'here' | 'children'>> {
  const { fleet, ...around } = await readSurroundings(deps, actor);
  const simulation = fleet.simulated > 0 && deps.simulation ? await deps.simulation.status() : null;
  return {
    ...around,
    accounts: fleet.accounts,
    simulation: simulation && { speed: simulation.speed, accounts: simulation.accounts },
    viewer: { email: actor.name, role: actor.role },
    signOut,
    runScenario,
  };
}
