import type { AlertView } from '../../contract/alert-view.ts';
import { Icon } from '../kit/icon.tsx';
import { LocalTime } from '../live/instants.tsx';
import { AlertNotes, Lasting } from './alert-notes.tsx';
import { lookOfAlert, titleOf } from './alert-look.ts';
import { SentMarks } from './sent-marks.tsx';

/** One alert of the list. The whole row leads to its life. */
export function AlertRow(props: { alert: AlertView; href: string; isChosen: boolean; now: number }) {
  const { alert, now } = props;
  const look = lookOfAlert(alert);
  const lasting = <Lasting alert={alert} />;
  return (
    <li
      className="alert"
      data-tone={alert.state === 'resolved' ? 'good' : look.tone}
      data-chosen={props.isChosen || undefined}
    >
      <Icon name={alert.state === 'resolved' && alert.severity !== 'info' ? 'check' : look.icon} />
      <h3 className="alert__title">
        <a href={props.href} data-soft aria-current={props.isChosen || undefined}>
          {titleOf(alert)}
        </a>
      </h3>
      <span className="alert__time">
        <LocalTime at={alert.openedAt} now={now} />
      </span>
      <p className="alert__facts">
        {alert.text}
        {alert.fields.map(({ label, value }) => ` · ${label}: ${value}`).join('')}
      </p>
      <p className="alert__life">
        <b>{lasting}</b>
        <SentMarks alert={alert} />
        <AlertNotes alert={alert} now={now} />
      </p>
    </li>
  );
}
