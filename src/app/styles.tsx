import { headers } from 'next/headers';
import { readStyles, type SheetSet } from '../server/styles.ts';

/** Styles in the document itself: a request of its own, in series, would cost half a second on a slow phone. */
export async function Styles({ of }: { of: SheetSet }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const styles = { __html: readStyles(of) };
  return <style nonce={nonce} dangerouslySetInnerHTML={styles} suppressHydrationWarning />;
}
