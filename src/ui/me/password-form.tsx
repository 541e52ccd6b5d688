'use client';

import { FormProblem } from '../kit/form-problem.tsx';
import { useAct } from '../kit/use-act.ts';
import type { SignInActions } from './own-actions.ts';

/** Another password for the reader himself. */
export function PasswordForm(props: { email: string; changePassword: SignInActions['changePassword'] }) {
  const { act, isPending, problem } = useAct();
  return (
    <form
      className="panel__body act-form me__hours"
      onSubmit={(event) => {
        event.preventDefault();
        const element = event.currentTarget;
        const form = new FormData(element);
        act(async () => {
          const answer = await props.changePassword(form);
          if (answer.isDone) element.reset();
          return answer;
        }, 'Changed. All your other sessions have ended.');
      }}
    >
      {/* Tells a password manager whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={props.email} readOnly />
      <label>
        Current password
        <input className="field" type="password" name="current" autoComplete="current-password" required />
      </label>
      <label>
        New password, at least 12 characters
        <input
          className="field"
          type="password"
          name="password"
          autoComplete="new-password"
          minLength={12}
          required
        />
      </label>
      <FormProblem problem={problem} />
      <button className="btn btn--primary" disabled={isPending}>
        Change password
      </button>
    </form>
  );
}
