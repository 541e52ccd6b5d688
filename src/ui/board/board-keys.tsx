'use client';

import { lazy, Suspense, useEffect, useState } from 'react';
import { onKey } from './on-key.ts';

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));

/** The keys of the board that need no account: `a` goes to the alerts, `?` tells all keys. The button does the same. */
export function BoardKeys() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(
    () =>
      onKey((key) => {
        if (key === '?') setIsOpen(true);
        else if (key === 'a') location.assign('/alerts');
        else return false;
        return true;
      }),
    [],
  );
  return (
    <>
      <button type="button" className="btn btn--quiet desk-only" onClick={() => setIsOpen(true)}>
        Keys <kbd aria-hidden="true">?</kbd>
      </button>
      {isOpen && (
        <Suspense>
          <KeysHelp onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
