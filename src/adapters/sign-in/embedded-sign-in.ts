import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import bcrypt from 'bcryptjs';
import { passwordMostBytes, utf8Bytes } from '../../domain/password.ts';
import type { SignIn } from '../../ports/sign-in.ts';

const productionCost = 12;

/** Sign-in without any outside service: bcrypt for passwords, SHA-256 for tokens. A lower `cost` is for tests only. */
export function embeddedSignIn(cost: number = productionCost): SignIn {
  // Well formed, but the digest of no password; comparing with it costs what comparing with a real one does.
  const nobody = bcrypt.genSaltSync(cost) + '.'.repeat(31);
  return {
    async hashPassword(password) {
      if (utf8Bytes(password) > passwordMostBytes) throw new RangeError('bcrypt would cut this password');
      return bcrypt.hash(password, cost);
    },
    async verifyPassword(password, hash) {
      const isWhole = utf8Bytes(password) <= passwordMostBytes;
      const isSame = await bcrypt.compare(password, (isWhole ? hash : null) ?? nobody);
      return isSame && isWhole && hash !== null;
    },
    newToken() {
      const token = randomBytes(32).toString('base64url');
      return { token, digest: sha256(token) };
    },
    digest: sha256,
    sameSecret: (given, expected) => timingSafeEqual(sha256(given), sha256(expected)),
  };
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
