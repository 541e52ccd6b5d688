import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { encode } from 'uqr';
import type { OneTimeCodes } from '../../ports/one-time-codes.ts';

const issuer = 'ArbHub';
const secretBytes = 20;
const periodS = 30;
/** Clocks of phones are a little off, and people type slowly. */
const stepsAround = 1;

/** 32 characters that nobody mistakes for each other. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz023456789';
const recoveryCharacters = 24;

/** Codes by time after RFC 6238, of the kind that every authenticator app knows: SHA-1, six digits, 30 seconds. */
export function totpCodes(): OneTimeCodes {
  return {
    newSecret: () => new Secret({ size: secretBytes }).base32,
    enrolment: (secret, email) => ({ secret, drawing: draw(totpOf(secret, email).toString()) }),
    stepOf(secret, code, at) {
      if (!/^[0-9]{6}$/.test(code)) return null;
      const delta = totpOf(secret).validate({ token: code, timestamp: at, window: stepsAround });
      return delta === null ? null : Math.floor(at / 1000 / periodS) + delta;
    },
    newRecoveryCode() {
      // 256 is eight times 32: every character is as likely as any other.
      const characters = [...randomBytes(recoveryCharacters)].map((byte) => alphabet[byte % alphabet.length]);
      return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
    },
  };
}

function totpOf(secret: string, label = ''): TOTP {
  const kind = { algorithm: 'SHA1', digits: 6, period: periodS };
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), ...kind });
}

/** One path for all dark squares, a run of each row at a time. */
function draw(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: 0 });
  const runs = data.flatMap((row, y) => {
    const line = row.map((isDark) => (isDark ? '1' : '0')).join('');
    return [...line.matchAll(/1+/g)].map(
      ({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
    );
  });
  return { size, path: runs.join('') };
}
