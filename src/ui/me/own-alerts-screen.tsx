import type { OwnAlerts } from '../../contract/own-alerts.ts';
import { Devices } from './devices.tsx';
import { HoursForm } from './hours-form.tsx';
import type { OwnActions } from './own-actions.ts';

/** How the reader himself is told: when he wants quiet, and on which of his devices. */
export function OwnAlertsScreen(props: { view: OwnAlerts; email: string; now: number; actions: OwnActions }) {
  const { view, actions } = props;
  return (
    <article className="me">
      <div className="me__head">
        <h1>Your alerts</h1>
        <p className="muted">How ArbHub tells you, {props.email}, and nobody else.</p>
      </div>
      <section className="panel" aria-labelledby="devices">
        <div className="panel__head">
          <h2 id="devices">Alerts on this device</h2>
        </div>
        <Devices devices={view.devices} pushKey={view.pushKey} now={props.now} actions={actions} />
      </section>
      <section className="panel" aria-labelledby="hours">
        <div className="panel__head">
          <h2 id="hours">Quiet hours</h2>
        </div>
        <HoursForm hours={view} saveHours={actions.saveHours} />
      </section>
    </article>
  );
}
