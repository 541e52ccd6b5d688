import type { ReactNode } from 'react';
import type { OwnAlerts } from '../../contract/own-alerts.ts';
import type { KeyView, OwnSession, SecondStepView } from '../../contract/own-sign-in.ts';
import type { Role } from '../../domain/permissions.ts';
import { Devices } from './devices.tsx';
import { HoursForm } from './hours-form.tsx';
import type { KeyActions, OwnActions, SecondStepActions, SignInActions } from './own-actions.ts';
import { OwnKeys } from './own-keys.tsx';
import { PasswordForm } from './password-form.tsx';
import { SecondStep } from './second-step.tsx';
import { Sessions } from './sessions.tsx';

interface OwnScreenProps {
  email: string;
  now: number;
  alerts: OwnAlerts;
  sessions: readonly OwnSession[];
  secondStep: SecondStepView;
  /** Null for whoever may have none. */
  keys: readonly KeyView[] | null;
  role: Role;
  actions: OwnActions & SignInActions & SecondStepActions & KeyActions;
}

/** What is the reader's own: how he is told, and how he signs in. */
export function OwnScreen({ email, now, alerts, sessions, actions, ...own }: OwnScreenProps) {
  return (
    <article className="me">
      <div className="me__head">
        <h1>Your settings</h1>
        <p className="muted">How ArbHub tells you, {email}, and how you sign in.</p>
      </div>
      <div className="me__cols">
        <div className="me__col">
          <Panel id="devices" title="Alerts on this device">
            <Devices devices={alerts.devices} pushKey={alerts.pushKey} now={now} actions={actions} />
          </Panel>
          <Panel id="hours" title="Quiet hours">
            <HoursForm hours={alerts} saveHours={actions.saveHours} />
          </Panel>
          {own.keys !== null && (
            <Panel id="keys" title="API keys">
              <OwnKeys keys={own.keys} role={own.role} now={now} actions={actions} />
            </Panel>
          )}
        </div>
        <div className="me__col">
          <Panel id="sessions" title="Signed in">
            <Sessions sessions={sessions} now={now} actions={actions} />
          </Panel>
          <Panel id="password" title="Password">
            <PasswordForm email={email} changePassword={actions.changePassword} />
          </Panel>
          <Panel id="second-step" title="Second step at signing in">
            <SecondStep view={own.secondStep} actions={actions} />
          </Panel>
        </div>
      </div>
    </article>
  );
}

function Panel({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel__head">
        <h2 id={id}>{title}</h2>
      </div>
      {children}
    </section>
  );
}
