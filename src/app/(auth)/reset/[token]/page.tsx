import type { Metadata } from 'next';
import { house } from '../../../../server/house.ts';
import { readReset } from '../../../../services/members/reset-password.ts';
import { DeadLink } from '../../../../ui/sign-in/dead-link.tsx';
import { NewPasswordForm } from '../../../../ui/sign-in/new-password-form.tsx';
import { SignInPage } from '../../../../ui/sign-in/sign-in-page.tsx';
import { reset } from '../../actions.ts';

export const metadata: Metadata = { title: 'New password', robots: { index: false, follow: false } };

/** Shows whose password the link changes. It changes nothing itself: mail scanners open links by themselves. */
export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const member = await readReset(await house(), token);
  if (member === null) return <DeadLink words="This link was used or has run out. Ask for a new one." />;
  return (
    <SignInPage note="You are signed out everywhere then, and sign in with the new password.">
      <NewPasswordForm
        title="Choose a new password"
        button="Change password"
        email={member.email}
        token={token}
        action={reset}
      />
    </SignInPage>
  );
}
