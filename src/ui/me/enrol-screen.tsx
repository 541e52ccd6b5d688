import type { SecondStepView } from '../../contract/own-sign-in.ts';
import { Toasts } from '../kit/toasts.tsx';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import type { SecondStepActions } from './own-actions.ts';
import { SecondStep } from './second-step.tsx';

/** For an admin who may do nothing before he has a second step. */
export function EnrolScreen(props: {
  view: SecondStepView;
  email: string;
  actions: SecondStepActions;
  signOut: () => Promise<void>;
}) {
  return (
    <Toasts>
      <SignInPage>
        <section className="panel me" aria-labelledby="enrol">
          <div className="panel__head">
            <h1 id="enrol">Set up your second step</h1>
          </div>
          <div className="panel__body">
            <p>Your team asks every admin for one. You can do everything else once it is on.</p>
          </div>
          <SecondStep view={props.view} actions={props.actions} />
        </section>
        <form className="btns me__way" action={props.signOut}>
          <a className="btn" href="/dashboard">
            Go to the board
          </a>
          <button className="btn">Sign out {props.email}</button>
        </form>
      </SignInPage>
    </Toasts>
  );
}
