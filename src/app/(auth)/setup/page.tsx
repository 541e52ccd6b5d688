import type { Metadata } from 'next';
import Link from 'next/link';
import { house } from '../../../server/house.ts';
import { canSetUp } from '../../../services/members/set-up-first-admin.ts';
import { SetUpForm } from '../../../ui/sign-in/set-up-form.tsx';
import { SignInPage } from '../../../ui/sign-in/sign-in-page.tsx';
import { setUp } from '../actions.ts';

export const metadata: Metadata = { title: 'Set up' };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  if (typeof token === 'string' && (await canSetUp(await house(), token))) {
    return (
      <SignInPage>
        <SetUpForm action={setUp} token={token} />
      </SignInPage>
    );
  }
  return (
    <SignInPage note="If nobody can sign in yet, start ArbHub again: it prints a new link.">
      <section className="panel">
        <h1>This link does not work</h1>
        <p>It has been used, has run out, or an admin exists already.</p>
        <p>
          <Link href="/login">Sign in</Link>
        </p>
      </section>
    </SignInPage>
  );
}
