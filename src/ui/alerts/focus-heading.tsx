'use client';

import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

/** A heading that takes the focus when it begins to speak of something else, so that whoever chose it goes on from there. */
export function FocusHeading({ id, of, children }: { id: string; of: number; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const spoken = useRef(of);
  useEffect(() => {
    if (spoken.current === of) return;
    spoken.current = of;
    heading.current?.focus();
  }, [of]);
  return (
    <h2 id={id} ref={heading} tabIndex={-1}>
      {children}
    </h2>
  );
}
