'use client';

import type { SignInAction } from './credentials-form.tsx';
import { CredentialsForm } from './credentials-form.tsx';

export function SignInForm({ action }: { action: SignInAction }) {
  return (
    <CredentialsForm
      title="Sign in"
      button="Sign in"
      action={action}
      password={{ autoComplete: 'current-password' }}
    >
      <a href="/forgot">Forgot your password?</a>
    </CredentialsForm>
  );
}
