'use client';

import type { ReactNode } from 'react';
import { formOf } from '../kit/form-of.ts';
import { type Answer, useAct } from '../kit/use-act.ts';
import { FormProblem } from '../kit/form-problem.tsx';

interface ActButtonProps {
  /** What the form sends beside what is typed into it. */
  given: Readonly<Record<string, string>>;
  act: (form: FormData) => Promise<Answer>;
  /** Said when it is done. */
  done: string;
  words: string;
  /** Names the button for those who do not see where it stands. */
  label?: string;
  /** Takes it back, for whoever thinks better of it; answers nothing where there is nothing to take back. */
  undo?: (form: FormData) => (() => Promise<Answer>) | undefined;
}

/** One act by one button, with what came of it beside it. `isChosen` marks the one of several that holds. */
export function ActButton(props: ActButtonProps & { isChosen?: boolean }) {
  const { given, act, done, words, label, undo, isChosen } = props;
  const { act: run, isPending, problem } = useAct();
  return (
    <form
      className="admin__act"
      onSubmit={(event) => {
        const form = formOf(event);
        run(() => act(form), done, undo?.(form));
      }}
    >
      <Given values={given} />
      <button className="btn" disabled={isPending} aria-label={label} aria-pressed={isChosen}>
        {words}
      </button>
      <FormProblem problem={problem} />
    </form>
  );
}

/** A form that waits behind its own name until it is wanted. */
export function ActForm(props: ActButtonProps & { open: string; children: ReactNode; isGrave?: boolean }) {
  const { act: run, isPending, problem } = useAct();
  return (
    <details className="admin__more">
      <summary className="btn" aria-label={props.label}>
        {props.open}
      </summary>
      <form
        className="act-form"
        onSubmit={(event) => {
          const element = event.currentTarget;
          const form = formOf(event);
          run(
            async () => {
              const answer = await props.act(form);
              // What was refused stays to be put right; what is done is no longer to be seen, a secret least of all.
              if (answer.isDone) close(element);
              return answer;
            },
            ...([props.done, props.undo?.(form)] as const),
          );
        }}
      >
        <Given values={props.given} />
        {props.children}
        <FormProblem problem={problem} />
        <div className="btns">
          <button className={props.isGrave ? 'btn btn--grave' : 'btn btn--primary'} disabled={isPending}>
            {props.words}
          </button>
        </div>
      </form>
    </details>
  );
}

function Given({ values }: { values: Readonly<Record<string, string>> }) {
  return Object.entries(values).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}

function close(form: HTMLFormElement): void {
  form.reset();
  form.closest('details')?.removeAttribute('open');
}
