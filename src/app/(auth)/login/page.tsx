import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentActor } from '../../../server/guard.ts';
import { SignInForm } from '../../../ui/sign-in/sign-in-form.tsx';
import { SignInPage } from '../../../ui/sign-in/sign-in-page.tsx';
import { signIn } from '../actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ done?: string | string[] }>;
}) {
  if ((await currentActor()) !== null) redirect('/dashboard');
  const { done } = await searchParams;
  return (
    <SignInPage note="No account? An admin of your team can invite you.">
      {done === 'reset' && <p role="status">Your password is changed. Sign in with it.</p>}
      <SignInForm action={signIn} />
    </SignInPage>
  );
}
