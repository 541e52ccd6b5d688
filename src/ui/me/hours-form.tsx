'use client';

import { formOf } from '../kit/form-of.ts';
import { useRef, useSyncExternalStore } from 'react';
import type { OwnAlerts } from '../../contract/own-alerts.ts';
import { Icon } from '../kit/icon.tsx';
import { useAct } from '../kit/use-act.ts';
import type { OwnActions } from './own-actions.ts';

const never = () => () => {};

/** The reader's time zone, and the hours in which he hears of critical things only. */
export function HoursForm(props: {
  hours: Pick<OwnAlerts, 'timezone' | 'zones' | 'quiet'>;
  saveHours: OwnActions['saveHours'];
}) {
  const { timezone, zones, quiet } = props.hours;
  const { act, isPending, problem } = useAct();
  const zone = useRef<HTMLSelectElement>(null);
  const zoneHere = useSyncExternalStore(
    never,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => timezone,
  );
  return (
    <form
      className="panel__body act-form me__hours"
      onSubmit={(event) => {
        const form = formOf(event);
        act(() => props.saveHours(form), 'Saved.');
      }}
    >
      <p>
        Between these hours you get only what is critical; the rest comes as one message at their end. They
        may span midnight. Leave both empty to have no quiet hours.
      </p>
      <div className="me__times">
        <label>
          From
          <input className="field" type="time" name="from" defaultValue={quiet?.from ?? ''} />
        </label>
        <label>
          To
          <input className="field" type="time" name="to" defaultValue={quiet?.to ?? ''} />
        </label>
      </div>
      <label>
        Your time zone
        <select className="field" name="timezone" defaultValue={timezone} ref={zone}>
          {zones.map((name) => (
            <option key={name} value={name}>
              {name.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
      {zoneHere !== timezone && zones.includes(zoneHere) && (
        <button
          type="button"
          className="btn"
          onClick={() => {
            if (zone.current !== null) zone.current.value = zoneHere;
          }}
        >
          Use this device’s: {zoneHere.replaceAll('_', ' ')}
        </button>
      )}
      {problem !== null && (
        <p className="form-error" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      )}
      <button className="btn btn--primary" disabled={isPending}>
        Save
      </button>
    </form>
  );
}
