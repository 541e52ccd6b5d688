import { useState, useTransition } from 'react';
import { useHands } from './toasts.tsx';

/** What became of an act: `problem` is a sentence for the reader; `told` takes the place of the words for a success. */
export type Answer = { isDone: true; told?: string } | { isDone: false; problem: string };

const undoMs = 15_000;

/** One act at a time: whether it is under way, and what went wrong with the last one. */
export function useAct() {
  const { say } = useHands();
  const [isPending, start] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  /** `undo` is offered for a while once it is done. */
  const act = (work: () => Promise<Answer>, done: string, undo?: () => Promise<Answer>) =>
    start(async () => {
      setProblem(null);
      try {
        const answer = await work();
        if (!answer.isDone) setProblem(answer.problem);
        else if (undo === undefined) say(answer.told ?? done, answer.told === undefined ? 4000 : 8000);
        else say(answer.told ?? done, undoMs, () => act(undo, 'Taken back.'));
      } catch {
        setProblem('ArbHub did not answer. Nothing was changed.');
      }
    });
  return { act, isPending, problem };
}
