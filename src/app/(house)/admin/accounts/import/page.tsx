import type { Metadata } from 'next';
import { requireActor } from '../../../../../server/guard.ts';
import { house } from '../../../../../server/house.ts';
import { AdminScreen } from '../../../../../ui/admin/admin-screen.tsx';
import { FleetImport } from '../../../../../ui/admin/fleet-import.tsx';
import { LiveShell } from '../../../live-shell.tsx';
import { shellOf } from '../../../shell-of.ts';
import { importList } from '../actions.ts';

export const metadata: Metadata = { title: 'Import accounts' };

export default async function Page() {
  const actor = await requireActor('accounts:change');
  const shell = await shellOf(await house(), actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="accounts">
        <FleetImport importList={importList} />
      </AdminScreen>
    </LiveShell>
  );
}
