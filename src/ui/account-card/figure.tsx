'use client';

import type { ReactNode } from 'react';
import { useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { useClock } from '../live/clock.tsx';
import type { Delta, Words } from './card-figures.ts';

const quietMs = 5000;

/** Marks its text for a moment when it has become another one; not more often than a reader can take in. */
export function Changing({ text, children }: { text: string; children: ReactNode }) {
  const clock = useClock();
  const [seen, setSeen] = useState({ text, changes: 0, at: -Infinity });
  if (seen.text !== text) {
    const at = clock.current().now;
    const isQuiet = at - seen.at < quietMs;
    setSeen({ text, changes: seen.changes + (isQuiet ? 0 : 1), at: isQuiet ? seen.at : at });
  }
  return (
    <span key={seen.changes} className={seen.changes > 0 ? 'changed' : undefined}>
      {children}
    </span>
  );
}

/** A figure, its absence, or the reason why nobody knows it. */
export function Figure({ words }: { words: Words }) {
  if (words.kind === 'none') return words.text;
  if (words.kind === 'unknown')
    return (
      <span className="none">
        — <small>{words.reason}</small>
      </span>
    );
  const { text, exact } = words.figure;
  return (
    <Changing text={exact ?? text}>
      {exact === null ? (
        text
      ) : (
        <span title={exact}>
          <span aria-hidden="true">{text}</span>
          <span className="vh">{exact}</span>
        </span>
      )}
    </Changing>
  );
}

export function DeltaMark({ delta }: { delta: Delta | null }) {
  if (delta === null) return null;
  return (
    <span className="delta" data-mood={delta.mood}>
      <Icon name={delta.isUp ? 'up' : 'down'} />
      <span className="vh">{delta.isUp ? 'up ' : 'down '}</span>
      {delta.percent}%
    </span>
  );
}
