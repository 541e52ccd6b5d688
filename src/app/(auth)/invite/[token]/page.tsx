import type { Metadata } from 'next';
import { roleWords } from '../../../../domain/permissions.ts';
import { house } from '../../../../server/house.ts';
import { readInvitation } from '../../../../services/members/accept-invitation.ts';
import { DeadLink } from '../../../../ui/sign-in/dead-link.tsx';
import { NewPasswordForm } from '../../../../ui/sign-in/new-password-form.tsx';
import { SignInPage } from '../../../../ui/sign-in/sign-in-page.tsx';
import { accept } from '../../actions.ts';

export const metadata: Metadata = { title: 'Invitation', robots: { index: false, follow: false } };

/** Shows what an invitation is for. It changes nothing: mail scanners open links by themselves. */
export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invited = await readInvitation(await house(), token);
  if (invited === null)
    return <DeadLink words="This invitation was used, was withdrawn or has run out. Ask for a new one." />;
  return (
    <SignInPage>
      <NewPasswordForm
        title="Welcome to ArbHub"
        words={`You are invited as ${invited.role} (${roleWords[invited.role]}). Choose a password.`}
        button="Come in"
        email={invited.email}
        token={token}
        action={accept}
      />
    </SignInPage>
  );
}
