import { FormProblem } from '../kit/form-problem.tsx';

/** The second step of signing in, for whoever has one. */
export function CodeForm(props: {
  /** What the password has led to. */
  step: string;
  error: string | null;
  submit: (form: FormData) => void;
  isPending: boolean;
}) {
  return (
    <form className="panel" action={props.submit}>
      <h1>Second step</h1>
      <FormProblem problem={props.error} />
      <p>Type the code that your authenticator app shows, or one of your recovery codes.</p>
      <input type="hidden" name="step" value={props.step} />
      <label>
        Code
        <input
          className="field"
          name="code"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={60}
          required
          autoFocus
        />
      </label>
      <button className="btn btn--primary" disabled={props.isPending}>
        Sign in
      </button>
      <a href="/login">Start again</a>
    </form>
  );
}
