import type { ReactNode } from 'react';
import { Icon } from '../kit/icon.tsx';

/** The frame of a form that is shown to somebody who is not signed in. */
export function SignInPage({ note, children }: { note?: string; children: ReactNode }) {
  return (
    <main className="login" id="main">
      <div className="login__box">
        <p className="brand">
          <Icon name="brand" />
          ArbHub
        </p>
        {children}
        {note !== undefined && <p className="muted">{note}</p>}
      </div>
    </main>
  );
}
