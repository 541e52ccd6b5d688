import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether `X-Hub-Signature-256` is the HMAC of exactly these bytes under the app secret; compared in constant time. */
export function isSignedByMeta(body: Uint8Array, header: string | null, appSecret: string): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1];
  const expected = createHmac('sha256', appSecret).update(body).digest();
  return given !== undefined && appSecret !== '' && timingSafeEqual(Buffer.from(given, 'hex'), expected);
}
