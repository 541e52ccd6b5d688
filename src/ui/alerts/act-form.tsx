'use client';

import type { ReactNode } from 'react';
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

interface ActBoxProps {
  token: string;
  act: ActAction;
  /** The words of the alert; null when the link leads nowhere any more. */
  alert: ReactNode;
  /** What can be said when it leads nowhere. */
  dead: ReactNode;
  /** The channel that it was sent to; null when there is nothing left to do. */
  channel: string | null;
}

/** A message's link: what it is about, and its two buttons. A plain form first, so that it works before, and without, its script. */
export function ActBox({ token, act, alert, dead, channel }: ActBoxProps) {
  const [state, submit, isPending] = useActionState(act, nothingYet);
  // Asked first: by now the link is used up, and whoever has no script is shown the page anew.
  if (state.done !== null)
    return (
      <div role="status" className="act-done">
        {alert}
        <p>
          <b>{doneWords[state.done]}</b>
        </p>
        <p>
          <a href="/alerts">All alerts</a>
        </p>
      </div>
    );
  if (alert === null) return dead;
  return (
    <>
      {alert}
      {channel !== null && (
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
      )}
    </>
  );
}
