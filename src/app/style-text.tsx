'use client';

import type { SheetSet } from '../server/styles.ts';

/** Where the server leaves its reader of sheets, see `shareStyles`: the bundles of one process share nothing else. */
const desk = globalThis as { [name: symbol]: ((set: SheetSet) => string) | undefined };

/**
 * The styles of a set, as text of the document. From a server component the text would travel twice, once more in the data that
 * wakes the page; in the browser it is there already, and React leaves it alone. A page that the browser puts together by
 * itself, after an error or a refusal, has no such document and asks for the sheets.
 */
export function StyleText({ set, nonce }: { set: SheetSet; nonce: string | undefined }) {
  const id = `styles-${set}`;
  const isServer = typeof document === 'undefined';
  if (!isServer && document.getElementById(id) === null)
    return <link rel="stylesheet" href={`/styles/${set}`} precedence="default" />;
  const text = isServer ? (desk[Symbol.for('arbhub.styles')]?.(set) ?? '') : '';
  return <style id={id} nonce={nonce} dangerouslySetInnerHTML={{ __html: text }} suppressHydrationWarning />;
}
