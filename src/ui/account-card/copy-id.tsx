'use client';

import { useEffect, useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { useHands } from '../kit/toasts.tsx';

/** The id is the button that copies it. Its last four digits are bold: people name accounts by them. */
export function CopyId({ id }: { id: string }) {
  const { copy } = useHands();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1200);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const onClick = async () => setIsCopied(await copy(id, 'Account ID copied', 2000));
  return (
    <button type="button" className="copy-id" data-copied={isCopied || undefined} onClick={onClick}>
      <span className="vh">Copy </span>
      <span>
        {id.slice(0, -4)}
        <b>{id.slice(-4)}</b>
      </span>
      <Icon name="copy" />
    </button>
  );
}
