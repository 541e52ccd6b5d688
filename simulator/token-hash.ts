/** What is remembered of a token: never the token itself. */
import { createHash } from 'node:crypto';

const SHOWN_DIGITS = 12;
const REMEMBERED = 1_000;
const known = new Map<string, string>();

/** SHA-256 in hex; the hashes of some tokens are kept, because every item of a batch asks for one. */
export function tokenHash(token: string): string {
  const remembered = known.get(token);
  if (remembered !== undefined) return remembered;
  if (known.size >= REMEMBERED) known.clear();
  const hash = createHash('sha256').update(token).digest('hex');
  known.set(token, hash);
  return hash;
}

/** The first digits of the hash: enough to tell tokens apart in a log. */
export function tokenMark(token: string): string {
  return token === '' ? 'none' : tokenHash(token).slice(0, SHOWN_DIGITS);
}
