import type { SimulationView } from '../../contract/simulation.ts';
import type { Actor } from '../../domain/permissions.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { SimulationDeps } from './run-scenario.ts';

/** How the simulated world stands; null when none runs. Throws `Refused`. */
export async function readSimulation(
  { simulation }: Pick<SimulationDeps, 'simulation'>,
  actor: Actor,
): Promise<SimulationView | null> {
  mustBeAllowed(actor, 'simulation:control');
  if (simulation === null) return null;
  const { speed, now, accounts, holding } = await simulation.status();
  return { speed, now, accounts, holding };
}
