import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readApiKeys } from '../../../../services/members/api-keys.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Keys } from '../../../../ui/admin/keys.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { revokeKey } from '../../me/key-actions.ts';
import { shellOf } from '../../shell-of.ts';

export const metadata: Metadata = { title: 'API keys' };

export default async function Page() {
  const actor = await requireActor('members:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const keys = await readApiKeys(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="keys">
        <Keys keys={keys} hasSettingsKey={deps.config.apiKey !== null} now={shell.now} revoke={revokeKey} />
      </AdminScreen>
    </LiveShell>
  );
}
