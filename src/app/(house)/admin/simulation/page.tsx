import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readSimulation } from '../../../../services/simulation/read-simulation.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Simulation } from '../../../../ui/admin/simulation.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { hurry, run } from './actions.ts';

export const metadata: Metadata = { title: 'Simulation' };

export default async function Page() {
  const actor = await requireActor('simulation:control');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const view = await readSimulation(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="simulation">
        <Simulation view={view} now={shell.now} actions={{ run, hurry }} />
      </AdminScreen>
    </LiveShell>
  );
}
