import { createHash } from 'node:crypto';

/** A key of 256 bits and its public name: the first 8 hex digits of its SHA-256. */
export interface Key {
  id: string;
  bytes: Uint8Array;
}

/** The keys that are known: one seals, all open. */
export interface KeyRing {
  current(): Key;
  find(id: string): Key | null;
  /** As in `ports/sealer.ts`. */
  begin(): 'begun' | 'resumed' | 'settings';
  end(): void;
}

export const keyBytes = 32;

export function keyOf(bytes: Uint8Array): Key {
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}

/** The key in a text of base64; null when that is not 32 bytes. */
export function parseKey(text: string): Key | null {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return bytes.length === keyBytes ? keyOf(bytes) : null;
}

/** Keys that the operator keeps: `current` seals, `previous` can only open. */
export function settingsKeys(current: Uint8Array, previous: readonly Uint8Array[]): KeyRing {
  const key = keyOf(current);
  const known = new Map([...previous.map(keyOf), key].map((one) => [one.id, one]));
  return {
    current: () => key,
    find: (id) => known.get(id) ?? null,
    begin: () => 'settings',
    end: () => {},
  };
}
