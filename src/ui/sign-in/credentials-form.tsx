'use client';

import type { ReactNode } from 'react';
import { useActionState, useEffect, useState } from 'react';
import { FormProblem } from '../kit/form-problem.tsx';
import { forgetCopies } from '../live/kept-copy.ts';
import { CodeForm } from './code-form.tsx';

export interface SignInState {
  error: string | null;
  /** Given once the password was right and a code is wanted too. */
  step?: string;
}

/** A server action: it redirects when all is well and answers with the reason when it is not. */
export type SignInAction = (before: SignInState, form: FormData) => Promise<SignInState>;

interface FormProps {
  title: string;
  button: string;
  action: SignInAction;
  password: { autoComplete: string; minLength?: number; hint?: string };
  children?: ReactNode;
}

/** Email and password. It is a plain form first, so that it works before, and without, its script. */
export function CredentialsForm({ title, button, action, password, children }: FormProps) {
  const [state, submit, isPending] = useActionState(action, { error: null });
  useEffect(forgetCopies, []);
  // React empties the form after an action; the address is kept, only the password has to be typed again.
  const [email, setEmail] = useState('');
  if (state.step !== undefined)
    return <CodeForm step={state.step} error={state.error} submit={submit} isPending={isPending} />;
  return (
    <form
      className="panel"
      action={submit}
      onSubmit={(event) => setEmail(String(new FormData(event.currentTarget).get('email') ?? ''))}
    >
      <h1>{title}</h1>
      <FormProblem problem={state.error} />
      <label>
        Email
        <input
          className="field"
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          defaultValue={email}
          required
        />
      </label>
      <label>
        Password
        <input
          className="field"
          type="password"
          name="password"
          autoComplete={password.autoComplete}
          minLength={password.minLength}
          aria-describedby={password.hint === undefined ? undefined : 'password-hint'}
          required
        />
      </label>
      {password.hint !== undefined && (
        <p className="hint" id="password-hint">
          {password.hint}
        </p>
      )}
      {children}
      <button className="btn btn--primary" disabled={isPending}>
        {button}
      </button>
    </form>
  );
}
