'use client';

import type { SignInAction } from './credentials-form.tsx';
import { CredentialsForm } from './credentials-form.tsx';

/** The first admin of a new installation; `token` proves that the reader has seen the server's log. */
export function SetUpForm({ action, token }: { action: SignInAction; token: string }) {
  return (
    <CredentialsForm
      title="Create the first admin"
      button="Create admin"
      action={action}
      password={{ autoComplete: 'new-password', minLength: 12, hint: 'At least 12 characters.' }}
    >
      <input type="hidden" name="token" value={token} />
    </CredentialsForm>
  );
}
