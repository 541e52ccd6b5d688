import { SignInPage } from './sign-in-page.tsx';

/** What somebody sees whose link leads nowhere any more. */
export function DeadLink({ words }: { words: string }) {
  return (
    <SignInPage>
      <section className="panel">
        <h1>This link does not work</h1>
        <p>{words} Ask for a new one.</p>
        <p>
          <a href="/login">Sign in</a>
        </p>
      </section>
    </SignInPage>
  );
}
