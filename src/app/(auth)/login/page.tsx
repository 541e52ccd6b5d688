import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentActor } from '../../../server/guard.ts';
import { SignInForm } from '../../../ui/sign-in/sign-in-form.tsx';
import { SignInPage } from '../../../ui/sign-in/sign-in-page.tsx';
import { signIn } from '../actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page() {
  if ((await currentActor()) !== null) redirect('/dashboard');
  return (
    <SignInPage note="No account? An admin of your team can add you.">
      <SignInForm action={signIn} />
    </SignInPage>
  );
}
