import type { Metadata } from 'next';
import { house } from '../../../server/house.ts';
import { ForgotForm } from '../../../ui/sign-in/forgot-form.tsx';
import { NoticeCard } from '../../../ui/sign-in/notice-card.tsx';
import { SignInPage } from '../../../ui/sign-in/sign-in-page.tsx';
import { forgot } from '../actions.ts';

export const metadata: Metadata = { title: 'Forgot your password?' };

export default async function Page() {
  const { letters } = await house();
  if (letters !== null)
    return (
      <SignInPage>
        <ForgotForm action={forgot} />
      </SignInPage>
    );
  return (
    <SignInPage>
      <NoticeCard title="Ask an admin of your team" way="Back">
        This ArbHub has no mail server to send you a link. An admin can make one for you, under Admin,
        Members.
      </NoticeCard>
    </SignInPage>
  );
}
