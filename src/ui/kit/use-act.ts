import { useState, useTransition } from 'react';
import { useHands } from './toasts.tsx';

/** What became of an act: `problem` is a sentence for the reader; `told` takes the place of the words for a success. */
export type Answer = { isDone: true; told?: string } | { isDone: false; problem: string };

/** One act at a time: whether it is under way, and what went wrong with the last one. */
export function useAct() {
  const { say } = useHands();
  const [isPending, start] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  const act = (work: () => Promise<Answer>, done: string) =>
    start(async () => {
      setProblem(null);
      try {
        const answer = await work();
        if (answer.isDone) say(answer.told ?? done, answer.told === undefined ? 4000 : 8000);
        else setProblem(answer.problem);
      } catch {
        setProblem('ArbHub did not answer. Nothing was changed.');
      }
    });
  return { act, isPending, problem };
}
