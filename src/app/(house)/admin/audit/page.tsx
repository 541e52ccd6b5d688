import type { Metadata } from 'next';
import { requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readAuditLog } from '../../../../services/members/read-audit-log.ts';
import { AdminScreen } from '../../../../ui/admin/admin-screen.tsx';
import { parseAuditAsk } from '../../../../ui/admin/audit-ask.ts';
import { AuditLog } from '../../../../ui/admin/audit-log.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';

export const metadata: Metadata = { title: 'Audit log' };

type Asked = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Asked }) {
  const actor = await requireActor('members:change');
  const deps = await house();
  const ask = parseAuditAsk(await searchParams);
  const shell = await shellOf(deps, actor);
  const log = await readAuditLog(deps, actor, ask);
  return (
    <LiveShell here="admin" {...shell}>
      <AdminScreen here="audit">
        <AuditLog {...log} ask={ask} now={shell.now} />
      </AdminScreen>
    </LiveShell>
  );
}
