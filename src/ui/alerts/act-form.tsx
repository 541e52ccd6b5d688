'use client';

import { useActionState } from 'react';
import { Icon } from '../kit/icon.tsx';

export interface ActState {
  done: 'acknowledge' | 'snooze' | null;
  problem: string | null;
}

/** A server action that is given the form's fields and answers what became of it. */
export type ActAction = (before: ActState, form: FormData) => Promise<ActState>;

const nothingYet: ActState = { done: null, problem: null };
const doneWords = {
  acknowledge:
    'Acknowledged. The alert is not told again, and everybody who got it is told that you have it.',
  snooze: 'Snoozed. The alert is told again in 1 hour.',
} as const;

/** The two buttons of a message's link. A plain form first, so that it works before, and without, its script. */
export function ActForm({ token, channel, act }: { token: string; channel: string; act: ActAction }) {
  const [state, submit, isPending] = useActionState(act, nothingYet);
  if (state.done !== null)
    return (
      <div className="act-done" role="status">
        <p>
          <b>{doneWords[state.done]}</b>
        </p>
        <p>
          <a href="/alerts">All alerts</a>
        </p>
      </div>
    );
  return (
    <form className="act-form" action={submit}>
      {state.problem !== null && (
        <p className="form-error" role="alert">
          <Icon name="warning" />
          <span>{state.problem}</span>
        </p>
      )}
      <input type="hidden" name="token" value={token} />
      <label>
        What are you doing about it? (optional)
        <input
          className="field"
          name="reason"
          maxLength={500}
          autoComplete="off"
          placeholder="Appeal filed"
        />
      </label>
      <div className="btns">
        <button className="btn btn--primary" name="act" value="acknowledge" disabled={isPending}>
          Acknowledge
        </button>
        <button className="btn" name="act" value="snooze" disabled={isPending}>
          Snooze 1&nbsp;h
        </button>
      </div>
      <p className="muted">It is written down as “link sent to {channel}”. This link works once.</p>
    </form>
  );
}
