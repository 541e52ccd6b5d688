'use client';

/** Where the server leaves its reader of sheets, see `shareStyles`: the bundles of one process share nothing else. */
const desk = globalThis as { [name: symbol]: ((set: string) => string) | undefined };

/**
 * The text of a set of sheets, in the document only. From a server component it would travel twice, once more in the data that
 * wakes the page. In the browser it is there already, and React leaves it alone.
 */
export function StyleText({ set, nonce }: { set: string; nonce: string | undefined }) {
  const text = typeof window === 'undefined' ? (desk[Symbol.for('arbhub.styles')]?.(set) ?? '') : '';
  return <style nonce={nonce} dangerouslySetInnerHTML={{ __html: text }} suppressHydrationWarning />;
}
