'use client';

import { useState, useSyncExternalStore } from 'react';
import type { OwnDevice } from '../../contract/own-alerts.ts';
import { Icon } from '../kit/icon.tsx';
import { LocalTime } from '../live/instants.tsx';
import { type Answer, useAct } from '../kit/use-act.ts';
import type { OwnActions } from './own-actions.ts';
import { type Obstacle, obstacleHere, subscribe } from './subscribe.ts';

interface DevicesProps {
  devices: readonly OwnDevice[];
  /** Null when the installation's key pair cannot be read. */
  pushKey: string | null;
  now: number;
  actions: OwnActions;
}

const never = () => () => {};

const obstacleWords: Record<Obstacle, string> = {
  insecure:
    'This address is not secure, and browsers show notifications of secure ones only. Open ArbHub at an address that begins with https://.',
  unsupported:
    'This browser cannot show notifications of a web page. Use a current Chrome, Edge, Firefox or Safari, and no private window. On an iPhone or iPad, first choose Share, then “Add to Home Screen”, and open ArbHub from there.',
  denied:
    'This browser may not show notifications of ArbHub. Allow them in the browser’s settings for this site (the sign beside the address), then load this page again.',
};

/** The reader's devices, and the one he sits at. */
export function Devices({ devices, pushKey, now, actions }: DevicesProps) {
  const { act, isPending, problem } = useAct();
  const found = useSyncExternalStore(never, obstacleHere, () => null);
  const [refused, setRefused] = useState<Obstacle | null>(null);
  const obstacle = found ?? refused;

  const add = async (key: string): Promise<Answer> => {
    const subscription = await subscribe(key).catch(() => null);
    if (subscription === null)
      return { isDone: false, problem: 'The browser could not reach its push service. Try again later.' };
    if (typeof subscription !== 'string') return actions.addDevice(subscription);
    setRefused(subscription);
    return { isDone: false, problem: 'Nothing was changed.' };
  };

  return (
    <>
      <div className="panel__body me__add">
        <p>
          A notification on this phone or computer for each warning and each critical alert, also while ArbHub
          is closed.
        </p>
        {obstacle !== null && (
          <div className="notice" data-tone="watch" role="status">
            <Icon name="warning" />
            <p>{obstacleWords[obstacle]}</p>
          </div>
        )}
        {pushKey === null && (
          <p className="form-error" role="alert">
            <Icon name="warning" />
            <span>No device can be added at the moment; the server’s log says why.</span>
          </p>
        )}
        {problem !== null && obstacle === null && (
          <p className="form-error" role="alert">
            <Icon name="warning" />
            <span>{problem}</span>
          </p>
        )}
        {obstacle === null && pushKey !== null && (
          <button
            type="button"
            className="btn btn--primary"
            disabled={isPending}
            onClick={() => act(() => add(pushKey), 'This device gets your alerts now.')}
          >
            <Icon name="bell" />
            Get alerts on this device
          </button>
        )}
      </div>
      {devices.length > 0 && (
        <ul aria-label="Your devices">
          {devices.map((device) => (
            <Device key={device.id} device={device} now={now} actions={actions} />
          ))}
        </ul>
      )}
    </>
  );
}

function Device({ device, now, actions }: { device: OwnDevice; now: number; actions: OwnActions }) {
  const { id, name, addedAt, lastSentAt } = device;
  const { act, isPending, problem } = useAct();
  return (
    <li className="entry me__device">
      <p>
        <b>{name}</b>
        <span className="muted">
          Added <LocalTime at={addedAt} now={now} />.{' '}
          {lastSentAt === null ? (
            'No alert sent yet.'
          ) : (
            <>
              Last alert sent <LocalTime at={lastSentAt} now={now} />.
            </>
          )}
        </span>
        {device.problem !== null && (
          <span className="me__problem">
            {device.isOff ? 'Switched off: ' : 'Last error: '}
            {device.problem}.
            {device.isOff && ' Open this page on that device and press “Get alerts on this device” again.'}
          </span>
        )}
      </p>
      <div className="btns">
        <button
          type="button"
          className="btn"
          disabled={isPending}
          aria-label={`Send a test to ${name}`}
          onClick={() => act(() => actions.testDevice(id), 'Sent. It shows in a few seconds.')}
        >
          Send a test
        </button>
        <button
          type="button"
          className="btn"
          disabled={isPending}
          aria-label={`Remove ${name}`}
          onClick={() => act(() => actions.removeDevice(id), 'Removed. It gets no more alerts.')}
        >
          Remove
        </button>
      </div>
      {problem !== null && (
        <p className="form-error" role="alert">
          <Icon name="warning" />
          <span>{problem}</span>
        </p>
      )}
    </li>
  );
}
