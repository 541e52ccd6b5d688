import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readChannels } from '../../../../services/channels/read-channels.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Channels } from '../../../../ui/admin/channels.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { add, pause, preview, remove, resume, set, test } from './actions.ts';

export const metadata: Metadata = { title: 'Channels' };

export default async function Page() {
  const actor = await requireActor('channels:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const view = await readChannels(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="channels">
        <Channels view={view} now={shell.now} actions={{ add, test, preview, set, pause, resume, remove }} />
      </AdminScreen>
    </LiveShell>
  );
}
