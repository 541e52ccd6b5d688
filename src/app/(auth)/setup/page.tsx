import type { Metadata } from 'next';
import { house } from '../../../server/house.ts';
import { canSetUp } from '../../../services/members/set-up-first-admin.ts';
import { DeadLink } from '../../../ui/sign-in/dead-link.tsx';
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
    <DeadLink
      words="It has been used, has run out, or an admin exists already."
      note="If nobody can sign in yet, start ArbHub again: it prints a new link."
    />
  );
}
