import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readRules } from '../../../../services/alerts/read-rules.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { Rules } from '../../../../ui/admin/rules.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { backtest, set } from './actions.ts';

export const metadata: Metadata = { title: 'Rules' };

export default async function Page() {
  const actor = await requireActor('rules:change');
  const deps = await house();
  const shell = await shellOf(deps, actor);
  const view = await readRules(deps, actor);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="rules">
        <Rules view={view} now={shell.now} actions={{ set, backtest }} />
      </AdminScreen>
    </LiveShell>
  );
}
