import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SignIn } from '../../ports/sign-in.ts';

/** Tokens and their digests: the same whoever keeps the passwords. */
export const secrets: Pick<SignIn, 'newToken' | 'digest' | 'sameSecret'> = {
  newToken() {
    const token = randomBytes(32).toString('base64url');
    return { token, digest: sha256(token) };
  },
  digest: sha256,
  sameSecret: (given, expected) => timingSafeEqual(sha256(given), sha256(expected)),
};

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
