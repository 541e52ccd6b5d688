'use client';

import type { OwnSession } from '../../contract/own-sign-in.ts';
import { FormProblem } from '../kit/form-problem.tsx';
import { useAct } from '../kit/use-act.ts';
import { Ago, LocalTime } from '../live/instants.tsx';
import type { SignInActions } from './own-actions.ts';

interface SessionsProps {
  sessions: readonly OwnSession[];
  now: number;
  actions: Pick<SignInActions, 'endSession' | 'signOutEverywhere'>;
}

/** Every browser in which the reader is signed in. */
export function Sessions({ sessions, now, actions }: SessionsProps) {
  return (
    <>
      <ul aria-label="Where you are signed in">
        {sessions.map((session) => (
          <Session key={session.id} session={session} now={now} endSession={actions.endSession} />
        ))}
      </ul>
      <form className="panel__body me__add" action={actions.signOutEverywhere}>
        <p>Something here is not yours, or a phone is lost? End all of them, this one too.</p>
        <button className="btn">Sign out everywhere</button>
      </form>
    </>
  );
}

function Session(props: { session: OwnSession; now: number; endSession: SignInActions['endSession'] }) {
  const { session, now, endSession } = props;
  const { act, isPending, problem } = useAct();
  const name = session.device ?? 'A browser';
  return (
    <li className="entry">
      <p>
        <b>{name}</b>
        <span className="muted">
          Since <LocalTime at={session.createdAt} now={now} />,{' '}
          {session.isThis ? (
            'this is the one you sit at'
          ) : (
            <>
              last seen <Ago at={session.lastSeenAt} /> ago
            </>
          )}
        </span>
      </p>
      {!session.isThis && (
        <button
          type="button"
          className="btn"
          disabled={isPending}
          aria-label={`Sign out ${name}`}
          onClick={() => act(() => endSession(session.id), 'Signed out there.')}
        >
          Sign out
        </button>
      )}
      <FormProblem problem={problem} />
    </li>
  );
}
