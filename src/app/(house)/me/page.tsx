import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readOwnAlerts } from '../../../services/channels/own-devices.ts';
import { OwnAlertsScreen } from '../../../ui/me/own-alerts-screen.tsx';
import { LiveShell } from '../live-shell.tsx';
import { shellOf } from '../shell-of.ts';
import { addDevice, removeDevice, saveHours, testDevice } from './actions.ts';

export const metadata: Metadata = { title: 'Your alerts' };

export default async function Page() {
  const actor = await requireActor('alerts:receive');
  const deps = await house();
  const view = await readOwnAlerts(deps, actor);
  if (view === null) notFound();
  const shell = await shellOf(deps, actor);
  return (
    <LiveShell here="me" {...shell}>
      <OwnAlertsScreen
        view={view}
        email={actor.name}
        now={shell.now}
        actions={{ saveHours, addDevice, testDevice, removeDevice }}
      />
    </LiveShell>
  );
}
