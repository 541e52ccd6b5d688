'use client';

import { formOf } from '../kit/form-of.ts';
import { type ReactNode, useState } from 'react';
import type { EnrolmentView, SecondStepView } from '../../contract/own-sign-in.ts';
import { FormProblem } from '../kit/form-problem.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { type Answer, useAct } from '../kit/use-act.ts';
import type { SecondStepActions } from './own-actions.ts';

/** A second step at signing in: what it is, how it is set up, how it is switched off. */
export function SecondStep(props: { view: SecondStepView; actions: SecondStepActions }) {
  const { view, actions } = props;
  const [enrolment, setEnrolment] = useState<EnrolmentView | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null)
    return (
      <div className="panel__body">
        <ShownOnce
          about="It is on. Keep these recovery codes where you keep passwords: each lets you in once when the phone is not there. They are not shown again."
          text={codes.join('\n')}
          onClose={() => setCodes(null)}
        />
      </div>
    );
  if (view.isOn)
    return (
      <div className="panel__body">
        <p>
          <b>On.</b> After the password ArbHub asks for the code of your authenticator app.{' '}
          {view.recoveryCodesLeft} of your recovery codes are left.
        </p>
        <More open="New recovery codes">
          <PasswordAsk
            words="Make new codes"
            done="Made. The old codes are void."
            act={async (form) => {
              const answer = await actions.renewCodes(form);
              if (answer.isDone) setCodes(answer.value);
              return answer;
            }}
          />
        </More>
        <More open="Switch off">
          <PasswordAsk words="Switch off" done="Off." act={actions.endSecondStep} />
        </More>
      </div>
    );
  if (enrolment !== null)
    return (
      <Enrol
        enrolment={enrolment}
        confirm={async (form) => {
          const answer = await actions.confirmSecondStep(form);
          if (answer.isDone) {
            setEnrolment(null);
            setCodes(answer.value);
          }
          return answer;
        }}
      />
    );
  return (
    <div className="panel__body">
      <p>
        Off. With it, signing in takes your password and a code that an authenticator app on your phone shows:
        a password alone that somebody found lets nobody in.
      </p>
      <PasswordAsk
        words="Set up"
        done="Now scan the code."
        act={async (form) => {
          const answer = await actions.beginSecondStep(form);
          if (answer.isDone) setEnrolment(answer.value);
          return answer;
        }}
      />
    </div>
  );
}

function Enrol(props: { enrolment: EnrolmentView; confirm: (form: FormData) => Promise<Answer> }) {
  const { secret, drawing } = props.enrolment;
  const { act, isPending, problem } = useAct();
  // Readers of codes want four light squares around.
  const box = `-4 -4 ${drawing.size + 8} ${drawing.size + 8}`;
  return (
    <form
      className="panel__body act-form me__hours"
      onSubmit={(event) => {
        const form = formOf(event);
        act(() => props.confirm(form), 'On. All your other sessions have ended.');
      }}
    >
      <p>Scan this with an authenticator app, then type the six digits that it shows.</p>
      <svg className="me__qr" viewBox={box} role="img" aria-label="QR code of the secret below">
        <rect x="-4" y="-4" width="100%" height="100%" fill="#fff" />
        <path d={drawing.path} fill="#000" shapeRendering="crispEdges" />
      </svg>
      <p>
        Nothing to scan with? Type this into the app: <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <label>
        Code
        <input
          className="field"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9 ]{6,7}"
          maxLength={7}
          required
        />
      </label>
      <FormProblem problem={problem} />
      <button className="btn btn--primary" disabled={isPending}>
        Switch on
      </button>
    </form>
  );
}

/** An act that the password is asked for once more. */
function PasswordAsk(props: { words: string; done: string; act: (form: FormData) => Promise<Answer> }) {
  const { act, isPending, problem } = useAct();
  return (
    <form
      className="act-form me__hours"
      onSubmit={(event) => {
        const form = formOf(event);
        act(() => props.act(form), props.done);
      }}
    >
      <label>
        Your password
        <input className="field" type="password" name="password" autoComplete="current-password" required />
      </label>
      <FormProblem problem={problem} />
      <button className="btn" disabled={isPending}>
        {props.words}
      </button>
    </form>
  );
}

function More({ open, children }: { open: string; children: ReactNode }) {
  return (
    <details className="me__more">
      <summary className="btn">{open}</summary>
      {children}
    </details>
  );
}
