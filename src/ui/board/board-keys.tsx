'use client';

import { lazy, Suspense, useEffect } from 'react';
import { onKey } from './on-key.ts';

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));

interface KeysProps {
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
}

/** The keys of the board that need no account: `a` goes to the alerts, `?` tells all keys. */
export function BoardKeys({ isOpen, onOpen }: KeysProps) {
  useEffect(
    () =>
      onKey((key) => {
        if (key === '?') onOpen(true);
        else if (key === 'a') location.assign('/alerts');
        else return false;
        return true;
      }),
    [onOpen],
  );
  if (!isOpen) return null;
  return (
    <Suspense>
      <KeysHelp onClose={() => onOpen(false)} />
    </Suspense>
  );
}

/** The same as `?`. */
export function KeysButton({ onOpen }: Pick<KeysProps, 'onOpen'>) {
  return (
    <button type="button" className="btn btn--quiet desk-only" onClick={() => onOpen(true)}>
      Keys <kbd aria-hidden="true">?</kbd>
    </button>
  );
}
