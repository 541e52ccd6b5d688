import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readFleet } from '../../../../services/accounts/read-fleet.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Fleet } from '../../../../ui/admin/fleet.tsx';
import { parseFleetAsk } from '../../../../ui/admin/fleet-ask.ts';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { archive, awaitOne, change, forget, restore } from './actions.ts';

export const metadata: Metadata = { title: 'Accounts' };

type Asked = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Asked }) {
  const actor = await requireActor('accounts:change');
  const deps = await house();
  const ask = parseFleetAsk(await searchParams);
  const shell = await shellOf(deps, actor);
  const view = await readFleet(deps, actor, ask);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="accounts">
        <Fleet
          view={view}
          ask={ask}
          now={shell.now}
          actions={{ change, archive, restore, awaitOne, forget }}
        />
      </AdminScreen>
    </LiveShell>
  );
}
