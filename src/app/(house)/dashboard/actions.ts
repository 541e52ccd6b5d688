'use server';

import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { type ScenarioKind, scenarioKind } from '../../../contract/simulation.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { endSession } from '../../../services/members/sign-out.ts';
import * as simulation from '../../../services/simulation/run-scenario.ts';
import * as ownBoard from '../../../services/views/read-own-board.ts';
import * as ownViews from '../../../services/views/save-view.ts';
import type { BoardPrefs, SavedView } from '../../../contract/board-view.ts';
import type { Wish } from '../../../services/members/members-deps.ts';

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await requireOwnPage();
  const deps = await house();
  const jar = await cookies();
  const token = await deps.signIn.sessionOf(jar, 'read');
  if (token !== null) await endSession(deps, token);
  await deps.signIn.end(jar);
  redirect('/login');
}

/** Gives the board as it stands a name of the member's own. */
export async function saveView(view: SavedView): Promise<Wish<SavedView[]>> {
  await requireOwnPage();
  const actor = await requireActor('accounts:read');
  return ownViews.saveView(await house(), actor, view);
}

/** Removes one of the member's own views. */
export async function removeView(name: string): Promise<Wish<SavedView[]>> {
  await requireOwnPage();
  const actor = await requireActor('accounts:read');
  return ownViews.removeView(await house(), actor, String(name));
}

/** Keeps how the member looked at the board last. */
export async function keepPrefs(prefs: BoardPrefs): Promise<void> {
  await requireOwnPage();
  const actor = await requireActor('accounts:read');
  await ownBoard.keepPrefs(await house(), actor, prefs);
}

/** Lets something happen on the simulated Meta. */
export async function runScenario(kind: ScenarioKind): Promise<{ message: string }> {
  await requireOwnPage();
  const actor = await requireActor('simulation:control');
  const scenario = scenarioKind.parse(kind);
  const ran = await simulation.runScenario(await house(), actor, { scenario });
  return { message: ran.isDone ? describeRun(scenario, ran.value.accountIds) : ran.problem };
}

const seen = 'ArbHub notices it at its next check, within a minute.';

function describeRun(scenario: ScenarioKind, accountIds: string[]): string {
  const some = accountIds.length === 1 ? `${accountIds[0]}` : `${accountIds.length} accounts`;
  switch (scenario) {
    case 'suspend_one':
    case 'ban_wave':
      return `Suspended ${some} at the simulated Meta. ${seen}`;
    case 'cut_limit':
      return `Cut the daily limit of ${some} at the simulated Meta. ${seen}`;
    case 'back_to_normal':
      return `Put ${some} back to normal at the simulated Meta. ${seen}`;
  }
}
