import { headers } from 'next/headers';
import { shareStyles, type SheetSet } from '../server/styles.ts';
import { StyleText } from './style-text.tsx';

shareStyles();

/** Styles in the document itself: a request of its own, in series, would cost half a second on a slow phone. */
export async function Styles({ of }: { of: SheetSet }) {
  return <StyleText set={of} nonce={(await headers()).get('x-nonce') ?? undefined} />;
}
