'use server';

import { revalidatePath } from 'next/cache';
import { scenarioForm, speedForm } from '../../../../contract/simulation.ts';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { runScenario } from '../../../../services/simulation/run-scenario.ts';
import { setSpeed } from '../../../../services/simulation/set-speed.ts';
import { unreadable } from '../wish-of.ts';

/** Lets something happen on the simulated Meta; `told` says to whom. */
export async function run(form: FormData): Promise<Act & { told?: string }> {
  await requireOwnPage();
  const actor = await requireActor('simulation:control');
  const given = scenarioForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const ran = await runScenario(await house(), actor, given.data);
  revalidatePath('/admin/simulation');
  if (!ran.isDone) return ran;
  const { accountIds } = ran.value;
  const whom = accountIds.length === 1 ? `To ${accountIds[0]}. ` : `To ${accountIds.length} accounts. `;
  return {
    isDone: true,
    told: `${accountIds.length === 0 ? '' : whom}ArbHub notices it at its next check, within a minute.`,
  };
}

/** Lets the simulated time pass faster, or at its own pace again. */
export async function hurry(form: FormData): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('simulation:control');
  const given = speedForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const set = await setSpeed(await house(), actor, given.data.speed);
  revalidatePath('/admin/simulation');
  return set.isDone ? { isDone: true } : set;
}
