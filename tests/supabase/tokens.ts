import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Signs access tokens as a Supabase project does: with an elliptic key whose public half anyone may fetch, or with a shared secret. */
export interface TokenSigner {
  kid: string;
  jwk: Record<string, unknown> | null;
  sign(claims: object): string;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function ellipticSigner(kid: string): TokenSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig', key_ops: ['verify'] },
    sign: (claims) => signedBy(privateKey, kid, claims),
  };
}

function signedBy(key: KeyObject, kid: string, claims: object): string {
  const text = `${part({ alg: 'ES256', kid, typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export function secretSigner(secret: string): TokenSigner {
  return {
    kid: '',
    jwk: null,
    sign(claims) {
      const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    },
  };
}

/** Says what its claims are, and that nobody has signed them. */
export function unsigned(claims: object, header: object = { alg: 'none', typ: 'JWT' }): string {
  return `${part(header)}.${part(claims)}.`;
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
}
