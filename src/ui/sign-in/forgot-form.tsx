'use client';

import { useActionState } from 'react';
import { FormProblem } from '../kit/form-problem.tsx';
import { NoticeCard } from './notice-card.tsx';

export interface ForgotState {
  error: string | null;
  isAsked: boolean;
}

/** Asks for a link to a new password. What it answers is the same for everybody. */
export function ForgotForm({
  action,
}: {
  action: (before: ForgotState, form: FormData) => Promise<ForgotState>;
}) {
  const [state, submit, isPending] = useActionState(action, { error: null, isAsked: false });
  if (state.isAsked)
    return (
      <NoticeCard title="Look into your mail" isAnswer>
        If a member has this email, a link to a new password is on its way. It works once, for an hour.
      </NoticeCard>
    );
  return (
    <form className="panel" action={submit}>
      <h1>Forgot your password?</h1>
      <FormProblem problem={state.error} />
      <label>
        Email
        <input
          className="field"
          type="email"
          name="email"
          autoComplete="username"
          inputMode="email"
          required
        />
      </label>
      <button className="btn btn--primary" disabled={isPending}>
        Send a link
      </button>
      <a href="/login">Back</a>
    </form>
  );
}
