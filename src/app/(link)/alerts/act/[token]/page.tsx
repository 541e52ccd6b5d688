import type { Metadata } from 'next';
import { house } from '../../../../../server/house.ts';
import { readAlertLink } from '../../../../../services/alerts/read-alert-link.ts';
import { ActPage } from '../../../../../ui/alerts/act-page.tsx';
import { act } from './actions.ts';

export const metadata: Metadata = { title: 'Act on an alert', robots: { index: false, follow: false } };

/** Shows what a message's link is about. It changes nothing: scanners open links by themselves. */
export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const alert = await readAlertLink(await house(), token);
  return <ActPage alert={alert} token={token} act={act} />;
}
