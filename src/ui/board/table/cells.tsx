import type { ReactNode } from 'react';
import type { Words } from '../../account-card/card-figures.ts';
import { bareMoney } from '../../kit/figures.ts';
import { Changing } from '../../account-card/figure.tsx';

/** Nobody knows it, and why. */
export function Unknown({ reason }: { reason: string }) {
  return (
    <span className="none" title={reason}>
      —<span className="vh"> {reason}</span>
    </span>
  );
}

/** There is no such thing: a limit, a cap. */
export function None({ children }: { children: ReactNode }) {
  return <span className="muted">{children}</span>;
}

/** The absence that a card would tell of, or the figure in the table's own form. */
export function cellOf(words: Words, figure: () => string): ReactNode {
  if (words.kind === 'unknown') return <Unknown reason={words.reason} />;
  if (words.kind === 'none') return <None>{words.text.replace('spend cap', 'cap')}</None>;
  const text = figure();
  return <Changing text={text}>{text}</Changing>;
}

/** An exact amount without its currency, which has a column. */
export function amount(minor: number | null, currency: string, reason: string): ReactNode {
  if (minor === null) return <Unknown reason={reason} />;
  const text = bareMoney(minor, currency);
  return <Changing text={text}>{text}</Changing>;
}
