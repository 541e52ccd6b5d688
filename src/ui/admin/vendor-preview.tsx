'use client';

import { formOf } from '../kit/form-of.ts';
import { useState, useTransition } from 'react';
import type { Answer } from '../kit/use-act.ts';
import { FormProblem } from '../kit/form-problem.tsx';

/** Shows what a vendor's own channel would be told of an account, before one relies on it. */
export function VendorPreview({ preview }: { preview: (form: FormData) => Promise<Answer> }) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isPending, start] = useTransition();
  return (
    <details className="admin__more">
      <summary className="btn">Preview for a vendor</summary>
      <form
        className="act-form"
        onSubmit={(event) => {
          const form = formOf(event);
          start(async () => {
            try {
              setAnswer(await preview(form));
            } catch {
              setAnswer({ isDone: false, problem: 'ArbHub did not answer.' });
            }
          });
        }}
      >
        <label>
          Account
          <input className="field" name="account" required placeholder="act_1234567890" autoComplete="off" />
          <span className="muted">What its vendor’s own channel would be told, were it suspended now.</span>
        </label>
        <FormProblem problem={answer?.isDone === false ? answer.problem : null} />
        <div role="status">
          {answer?.isDone === true && <pre className="admin__words">{answer.told ?? ''}</pre>}
        </div>
        <div className="btns">
          <button className="btn btn--primary" disabled={isPending}>
            Show
          </button>
        </div>
      </form>
    </details>
  );
}
