import { useState, useTransition } from 'react';
import { useHands } from '../kit/toasts.tsx';

/** What became of an act; `problem` is a sentence for the reader. */
export type OwnAnswer = { isDone: true } | { isDone: false; problem: string };

/** The server actions of the page. */
export interface OwnActions {
  saveHours(form: FormData): Promise<OwnAnswer>;
  addDevice(subscription: PushSubscriptionJSON): Promise<OwnAnswer>;
  testDevice(deviceId: number): Promise<OwnAnswer>;
  removeDevice(deviceId: number): Promise<OwnAnswer>;
}

/** One act at a time: whether it is under way, and what went wrong with the last one. */
export function useAct() {
  const { say } = useHands();
  const [isPending, start] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);
  const act = (work: () => Promise<OwnAnswer>, done: string) =>
    start(async () => {
      setProblem(null);
      try {
        const answer = await work();
        if (answer.isDone) say(done, 4000);
        else setProblem(answer.problem);
      } catch {
        setProblem('ArbHub did not answer. Nothing was changed.');
      }
    });
  return { act, isPending, problem };
}
