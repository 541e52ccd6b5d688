import { speeds } from '../../contract/simulation.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Wish } from '../members/members-deps.ts';
import { recordAudit } from '../members/record-audit.ts';
import { mustBeAllowed } from '../refusal.ts';
import { notRunning, type SimulationDeps } from './run-scenario.ts';

/** Lets the simulated time pass faster, or at its own pace again. Throws `Refused`. */
export async function setSpeed(deps: SimulationDeps, actor: Actor, speed: number): Promise<Wish<null>> {
  mustBeAllowed(actor, 'simulation:control');
  if (deps.simulation === null) return notRunning;
  if (!speeds.some((one) => one === speed))
    return { isDone: false, problem: `The speed is one of ${speeds.join(', ')}.` };
  await deps.simulation.setSpeed(speed);
  await recordAudit(deps, actor, 'simulation.speed', { speed });
  return { isDone: true, value: null };
}
