import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { accountAsk } from '../../../../contract/account-page.ts';
import { parseAccountId } from '../../../../domain/account.ts';
import { currentActor, requireActor } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { readAccount } from '../../../../services/accounts/read-account.ts';
import { readAccountPage } from '../../../../services/accounts/read-account-page.ts';
import { AccountScreen } from '../../../../ui/account/account-screen.tsx';
import { LiveShell } from '../../live-shell.tsx';
import { shellOf } from '../../shell-of.ts';
import { addNote, setTags } from './actions.ts';
import { Follow } from './follow.tsx';

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const actor = await currentActor();
  const accountId = parseAccountId((await params).id);
  if (actor === null || accountId === null) return { title: 'Account' };
  const account = await readAccount(await house(), actor, accountId);
  return { title: account === null ? 'Account' : `${account.name ?? accountId}, ${account.state}` };
}

export default async function Page({ params, searchParams }: PageProps) {
  const actor = await requireActor('accounts:read');
  const deps = await house();
  const accountId = parseAccountId((await params).id);
  const ask = accountAsk.parse(await searchParams);
  const view = accountId === null ? null : await readAccountPage(deps, actor, accountId, ask);
  if (view === null) notFound();
  return (
    <LiveShell here="board" {...await shellOf(deps, actor)}>
      <Follow accountId={view.card.accountId} asOf={view.now} />
      <AccountScreen view={view} ask={ask} actions={{ addNote, setTags }} />
    </LiveShell>
  );
}
