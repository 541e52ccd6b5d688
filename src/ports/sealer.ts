/** The text that was sealed, or why it does not open; `problem` names keys by their id and holds no secret. */
export type Opened = { ok: true; text: string } | { ok: false; problem: string };

/** Keeps secrets at rest. What is sealed for one purpose and row opens for no other. */
export interface Sealer {
  /** Makes sure that there is a key to seal with; throws what the operator has to do. */
  prepare(): void;
  /** Seals with the current key. Call it inside `lockSealing`, so that no rotation forgets the key before the row is written. */
  seal(text: string, purpose: string, rowId: string): Uint8Array;
  /** Opens with any known key; the world's faults are answers. */
  open(sealed: Uint8Array, purpose: string, rowId: string): Opened;
  /** Whether the current key has sealed it. */
  isCurrent(sealed: Uint8Array): boolean;
  /**
   * Makes a new key the current one and keeps the old one for opening. `resumed`: an earlier rotation was not ended, and its
   * new key stays; `settings`: the keys come from the settings, where whoever wrote them has changed the current one.
   */
  beginRotation(): 'begun' | 'resumed' | 'settings';
  /** Forgets every key but the current one, where they are ours to forget. */
  endRotation(): void;
}
