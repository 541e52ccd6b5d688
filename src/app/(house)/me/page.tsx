import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { may } from '../../../domain/permissions.ts';
import { ownToken, requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readOwnAlerts } from '../../../services/channels/own-devices.ts';
import { readOwnApiKeys } from '../../../services/members/api-keys.ts';
import { readOwnSecondStep } from '../../../services/members/recovery-codes.ts';
import { readOwnSessions } from '../../../services/members/own-sessions.ts';
import { OwnScreen } from '../../../ui/me/own-screen.tsx';
import { LiveShell } from '../live-shell.tsx';
import { shellOf } from '../shell-of.ts';
import { addDevice, removeDevice, saveHours, testDevice } from './actions.ts';
import { addKey, revokeKey } from './key-actions.ts';
import { beginSecondStep, confirmSecondStep, endSecondStep, renewCodes } from './second-step-actions.ts';
import { changePassword, endSession, signOutEverywhere } from './sign-in-actions.ts';

export const metadata: Metadata = { title: 'Your settings' };

export default async function Page() {
  const actor = await requireActor('alerts:receive');
  const deps = await house();
  const alerts = await readOwnAlerts(deps, actor);
  if (alerts === null) notFound();
  const sessions = await readOwnSessions(deps, actor, await ownToken());
  const secondStep = await readOwnSecondStep(deps, actor);
  const keys = may(actor, 'keys:own') ? await readOwnApiKeys(deps, actor) : null;
  const shell = await shellOf(deps, actor);
  return (
    <LiveShell here="me" {...shell}>
      <OwnScreen
        {...{ alerts, sessions, secondStep, keys }}
        role={actor.role}
        email={actor.name}
        now={shell.now}
        actions={{
          ...{ saveHours, addDevice, testDevice, removeDevice },
          ...{ changePassword, endSession, signOutEverywhere },
          ...{ beginSecondStep, confirmSecondStep, endSecondStep, renewCodes },
          ...{ addKey, revokeKey },
        }}
      />
    </LiveShell>
  );
}
