import { NoticeCard } from './notice-card.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** What somebody sees whose link leads nowhere any more: why, and below it what to do where that takes more than a word. */
export function DeadLink({ words, note }: { words: string; note?: string }) {
  return (
    <SignInPage {...(note === undefined ? {} : { note })}>
      <NoticeCard title="This link does not work">{words}</NoticeCard>
    </SignInPage>
  );
}
