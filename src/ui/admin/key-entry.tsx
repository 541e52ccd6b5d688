'use client';

import type { KeyView } from '../../contract/own-sign-in.ts';
import { type Answer, useAct } from '../kit/use-act.ts';
import { LocalTime } from '../live/instants.tsx';
import { FormProblem } from '../kit/form-problem.tsx';

/** One key, and its end. */
export function KeyEntry(props: {
  entry: KeyView;
  now: number;
  revoke: (id: number) => Promise<Answer>;
  /** Whether to say who made it. */
  withMaker?: boolean;
}) {
  const { entry, now, revoke, withMaker = false } = props;
  const { act, isPending, problem } = useAct();
  return (
    <li className="entry">
      <p>
        <b>{entry.name}</b> <span className="chip">{entry.role}</span>
        <span className="muted">
          {withMaker && `${entry.madeBy ?? 'made by the operator’s tool'} · `}
          made <LocalTime at={entry.createdAt} now={now} /> ·{' '}
          {entry.lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              last used <LocalTime at={entry.lastUsedAt} now={now} />
            </>
          )}
        </span>
      </p>
      <button
        type="button"
        className="btn"
        disabled={isPending}
        aria-label={`Revoke ${entry.name}`}
        onClick={() => act(() => revoke(entry.id), 'Revoked. The next request with it is refused.')}
      >
        Revoke
      </button>
      <FormProblem problem={problem} />
    </li>
  );
}
