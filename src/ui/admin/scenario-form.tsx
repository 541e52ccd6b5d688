'use client';

import { formOf } from '../kit/form-of.ts';
import type { scenarios } from '../../contract/simulation.ts';
import { type Answer, useAct } from '../kit/use-act.ts';
import { FormProblem } from '../kit/form-problem.tsx';

/** One thing to try, on an account that is named or one that the simulation chooses. */
export function ScenarioForm(props: {
  scenario: (typeof scenarios)[number];
  run: (form: FormData) => Promise<Answer>;
}) {
  const { scenario, run } = props;
  const { act, isPending, problem } = useAct();
  return (
    <form
      className="scenario__form"
      onSubmit={(event) => {
        const form = formOf(event);
        act(() => run(form), 'It happened.');
      }}
    >
      <input type="hidden" name="scenario" value={scenario.kind} />
      {scenario.isOfAccount && (
        <input
          className="field"
          name="account"
          aria-label={`${scenario.title}: account, empty = any`}
          placeholder="any account, or act_…"
          autoComplete="off"
        />
      )}
      <button className="btn" disabled={isPending} aria-label={`Try: ${scenario.title}`}>
        Try
      </button>
      <FormProblem problem={problem} />
    </form>
  );
}
