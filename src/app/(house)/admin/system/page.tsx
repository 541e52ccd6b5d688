import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readSystem } from '../../../../services/upkeep/read-system.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { System } from '../../../../ui/admin/system.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';

export const metadata: Metadata = { title: 'System' };

export default async function Page() {
  const actor = await requireActor('connections:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const view = await readSystem(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="system">
        <System view={view} now={shell.now} />
      </AdminScreen>
    </LiveShell>
  );
}
