import webPush from 'web-push';
import { z } from 'zod';
import { shaped } from '../entered.ts';

/** A browser's subscription, as `PushSubscription.toJSON()` gives it. */
export const webPushSettings = z.strictObject({
  endpoint: z.string({ error: 'must be the https address of a push service' }),
  expirationTime: z.number().nullish(),
  keys: z.strictObject(
    {
      p256dh: shaped(/^[A-Za-z0-9_-]{87}=?$/, 'must be a public key of 65 bytes in base64url'),
      auth: shaped(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url'),
    },
    { error: 'must hold p256dh and auth' },
  ),
});
export type WebPushSettings = z.output<typeof webPushSettings>;

/** The key pair by which push services know this installation, and whom they may write to. */
export interface Vapid {
  publicKey: string;
  privateKey: string;
  /** `mailto:` or https. */
  subject: string;
}

/** A new key pair for an installation. */
export function makeVapidKeys(): Pick<Vapid, 'publicKey' | 'privateKey'> {
  return webPush.generateVAPIDKeys();
}
