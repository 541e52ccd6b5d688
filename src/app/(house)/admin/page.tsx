import type { Metadata } from 'next';
import { requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readConnections } from '../../../services/connections/read-connections.ts';
import { AdminScreen } from '../../../ui/admin/admin-screen.tsx';
import { Connections } from '../../../ui/admin/connections.tsx';
import { LiveShell } from '../live-shell.tsx';
import { shellOf } from '../shell-of.ts';
import { add, pause, remove, replace, resume, test } from './actions.ts';

export const metadata: Metadata = { title: 'Connections' };

export default async function Page() {
  const actor = await requireActor('connections:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const connections = await readConnections(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="connections">
        <Connections
          connections={connections}
          now={shell.now}
          actions={{ add, test, pause, resume, replace, remove }}
        />
      </AdminScreen>
    </LiveShell>
  );
}
