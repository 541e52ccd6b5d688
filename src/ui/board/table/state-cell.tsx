'use client';

import { useEffect, useState } from 'react';
import { statusLabel } from '../../../domain/status.ts';
import { Icon } from '../../kit/icon.tsx';
import { useHands } from '../../kit/toasts.tsx';
import type { Look } from '../../account-card/look.ts';
import { lookWords } from '../../account-card/look.ts';
import type { RowFacts } from './row-facts.ts';

const tagWords: Readonly<Record<Look, string>> = {
  ...{ suspended: 'SUSPENDED', stopped: 'NOT DELIVERING', lost: 'ACCESS LOST', closing: 'CLOSING' },
  ...{ closed: 'CLOSED', warning: 'PAYMENT', unknown: 'UNKNOWN', active: 'Active' },
};

/** The state with its shape and weight; on a phone the shape alone is seen and the word is still read out. */
export function StateCell({ card, look }: RowFacts) {
  const told = `${lookWords[look]}, ${statusLabel(card.statusCode)}`;
  return (
    <span className="tag" data-state={look} title={told}>
      <Icon name={look} />
      <span className="tag__word">{tagWords[look]}</span>
    </span>
  );
}

/** The last four digits copy the id; the name leads to the account. */
export function AccountCell({
  card: { accountId, name, isSimulated },
  isMarked,
}: RowFacts & { isMarked: boolean }) {
  const { copy } = useHands();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1200);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <span className="account-cell">
      <button
        type="button"
        className="copy-id"
        title={accountId}
        data-copied={isCopied || undefined}
        onClick={async () => setIsCopied(await copy(accountId, 'Account ID copied', 2000))}
      >
        <span className="vh">Copy {accountId}</span>
        <span aria-hidden="true">
          …<b>{accountId.slice(-4)}</b>
        </span>
        <Icon name="copy" />
      </button>
      {isMarked && isSimulated && (
        <>
          <Icon name="sim" />
          <span className="vh">simulated </span>
        </>
      )}
      <a className="account-cell__name" href={`/accounts/${accountId}`} title={name ?? accountId}>
        {name ?? 'no name'}
      </a>
    </span>
  );
}
