import type { Metadata } from 'next';
import { Suspense } from 'react';
import type { Actor } from '../../../domain/permissions.ts';
import { currentActor, requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { countOpen } from '../../../services/alerts/count-open.ts';
import { readAlertScreen } from '../../../services/alerts/read-alert-screen.ts';
import { AlertsBones } from '../../../ui/alerts/alerts-bones.tsx';
import { AlertsScreen } from '../../../ui/alerts/alerts-screen.tsx';
import { parseAsk } from '../../../ui/alerts/alert-ask.ts';
import { LiveShell } from '../live-shell.tsx';
import { shellOf } from '../shell-of.ts';
import { acknowledge, endSilence, silence, snooze } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const actor = await currentActor();
  const open = actor === null ? 0 : await countOpen(await house(), actor);
  return { title: open > 0 ? `(${open}) Alerts` : 'Alerts' };
}

type Asked = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Asked }) {
  const actor = await requireActor('alerts:read');
  return (
    <Suspense fallback={<AlertsBones />}>
      <Alerts actor={actor} asked={searchParams} />
    </Suspense>
  );
}

async function Alerts({ actor, asked }: { actor: Actor; asked: Asked }) {
  const deps = await house();
  const ask = parseAsk(await asked);
  const view = await readAlertScreen(deps, actor, ask);
  const shell = await shellOf(deps, actor);
  return (
    <LiveShell here="alerts" {...shell}>
      <AlertsScreen
        view={view}
        ask={ask}
        viewer={shell.viewer}
        actions={{ acknowledge, snooze, silence, endSilence }}
      />
    </LiveShell>
  );
}
