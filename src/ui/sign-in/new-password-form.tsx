'use client';

import { useActionState, useEffect } from 'react';
import { FormProblem } from '../kit/form-problem.tsx';
import { forgetCopies } from '../live/kept-copy.ts';
import type { SignInAction } from './credentials-form.tsx';

/** A password for somebody who came by a link, which `token` is of. */
export function NewPasswordForm(props: {
  title: string;
  words?: string;
  button: string;
  email: string;
  token: string;
  action: SignInAction;
}) {
  const [state, submit, isPending] = useActionState(props.action, { error: null });
  useEffect(forgetCopies, []);
  return (
    <form className="panel" action={submit}>
      <h1>{props.title}</h1>
      {props.words !== undefined && <p>{props.words}</p>}
      <FormProblem problem={state.error} />
      <input type="hidden" name="token" value={props.token} />
      <label>
        Email
        <input className="field" type="email" value={props.email} autoComplete="username" readOnly />
      </label>
      <label>
        Password
        <input
          className="field"
          type="password"
          name="password"
          autoComplete="new-password"
          minLength={12}
          aria-describedby="password-hint"
          required
        />
      </label>
      <p className="hint" id="password-hint">
        At least 12 characters.
      </p>
      <button className="btn btn--primary" disabled={isPending}>
        {props.button}
      </button>
    </form>
  );
}
