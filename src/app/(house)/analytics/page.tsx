import type { Metadata } from 'next';
import { Suspense } from 'react';
import { type Actor, may } from '../../../domain/permissions.ts';
import { requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readAnalytics } from '../../../services/accounts/read-analytics.ts';
import { AnalyticsBones } from '../../../ui/analytics/analytics-bones.tsx';
import { AnalyticsScreen } from '../../../ui/analytics/analytics-screen.tsx';
import { parseAsk } from '../../../ui/analytics/analytics-ask.ts';
import { LiveShell } from '../live-shell.tsx';
import { shellOf } from '../shell-of.ts';

export const metadata: Metadata = { title: 'Analytics' };

type Asked = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Asked }) {
  const actor = await requireActor('accounts:read');
  return (
    <Suspense fallback={<AnalyticsBones />}>
      <Analytics actor={actor} asked={searchParams} />
    </Suspense>
  );
}

async function Analytics({ actor, asked }: { actor: Actor; asked: Asked }) {
  const deps = await house();
  const view = await readAnalytics(deps, actor, parseAsk(await asked));
  return (
    <LiveShell here="analytics" {...await shellOf(deps, actor)}>
      <AnalyticsScreen view={view} mayExport={may(actor, 'metrics:export')} />
    </LiveShell>
  );
}
