import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { requireActor } from '../../../../../server/guard.ts';
import { house } from '../../../../../server/house.ts';
import { readDigest } from '../../../../../services/alerts/read-digest.ts';
import { DigestScreen } from '../../../../../ui/alerts/digest-screen.tsx';
import { shellOf } from '../../../shell-of.ts';
import { LiveShell } from '../../../live-shell.tsx';

export const metadata: Metadata = { title: 'Digest' };

export default async function Page({ params }: { params: Promise<{ day: string }> }) {
  const actor = await requireActor('alerts:read');
  const deps = await house();
  const view = await readDigest(deps, actor, (await params).day);
  if (view === null) notFound();
  return (
    <LiveShell here="alerts" {...await shellOf(deps, actor)}>
      <DigestScreen view={view} />
    </LiveShell>
  );
}
