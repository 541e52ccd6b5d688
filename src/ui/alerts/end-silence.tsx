'use client';

import { useState, useTransition } from 'react';
import { useHands } from '../kit/toasts.tsx';
import type { AlertActions } from './alert-acts.tsx';

/** Ends one silence. */
export function EndSilence(props: { id: number; scope: string; endSilence: AlertActions['endSilence'] }) {
  const { say } = useHands();
  const [isPending, start] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  const onEnd = () =>
    start(async () => {
      try {
        const answer = await props.endSilence(props.id);
        if (answer.isDone) say('The silence has ended.', 3000);
        else setProblem(answer.problem);
      } catch {
        setProblem('ArbHub did not answer. The silence still holds.');
      }
    });
  return (
    <>
      <button
        type="button"
        className="btn"
        disabled={isPending}
        onClick={onEnd}
        aria-label={`End silence: ${props.scope}`}
      >
        End silence
      </button>
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}
