'use client';

import { useEffect, useRef, useState } from 'react';
import { areKeysOn, switchKeys } from './on-key.ts';

const keys: readonly (readonly [key: string, does: string])[] = [
  ['/', 'Search'],
  ['j', 'Next account'],
  ['k', 'Account before'],
  ['Enter', 'Open the account'],
  ['c', 'Copy its id'],
  ['s', 'Copy the report for its vendor'],
  ['u', 'Update the order'],
  ['a', 'Go to the alerts'],
  ['?', 'This list'],
  ['Esc', 'Close, or empty the search'],
];

/** Every key of the board, and the way to switch them off for whoever speaks to his browser. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOn, setIsOn] = useState(areKeysOn);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="by-hand keys-help" aria-labelledby="keys-title" onClose={onClose}>
      <form method="dialog">
        <h2 id="keys-title">Keys</h2>
        <dl>
          {keys.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <label className="check">
          <input
            type="checkbox"
            checked={isOn}
            onChange={(event) => {
              switchKeys(event.target.checked);
              setIsOn(event.target.checked);
            }}
          />
          Keys work on this device. Never while you type.
        </label>
        <button className="btn btn--primary">Close</button>
      </form>
    </dialog>
  );
}
