'use client';

import { type ReactNode, useState } from 'react';
import { FormProblem } from './form-problem.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useAct } from './use-act.ts';

/** What became of a wish; `once` is a secret that only this answer holds. */
export type OnceAnswer =
  { isDone: true; told: string; once?: { about: string; text: string } } | { isDone: false; problem: string };

/** A form whose answer may be a secret: it is shown below till the reader has kept it. */
export function OnceForm(props: {
  act: (form: FormData) => Promise<OnceAnswer>;
  /** Sent beside what is typed. */
  given?: Readonly<Record<string, string>>;
  words: string;
  /** Names the button for those who do not see where it stands. */
  label?: string;
  isPrimary?: boolean;
  children?: ReactNode;
}) {
  const { act, isPending, problem } = useAct();
  const [once, setOnce] = useState<{ about: string; text: string } | null>(null);
  return (
    <>
      <form
        className="act-form"
        onSubmit={(event) => {
          event.preventDefault();
          const element = event.currentTarget;
          const form = new FormData(element);
          act(async () => {
            const answer = await props.act(form);
            if (answer.isDone) {
              element.reset();
              setOnce(answer.once ?? null);
            }
            return answer;
          }, '');
        }}
      >
        {Object.entries(props.given ?? {}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {props.children}
        <FormProblem problem={problem} />
        <div className="btns">
          <button
            className={props.isPrimary === true ? 'btn btn--primary' : 'btn'}
            disabled={isPending}
            aria-label={props.label}
          >
            {props.words}
          </button>
        </div>
      </form>
      {once !== null && <ShownOnce {...once} onClose={() => setOnce(null)} />}
    </>
  );
}
