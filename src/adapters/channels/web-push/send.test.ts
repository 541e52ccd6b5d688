import { createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import webPush from 'web-push';
import type { AlertMessage } from '../../../ports/channel.ts';
import { guardedFetch } from '../guarded-fetch.ts';
import { alert, browserKeys, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { webPushChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received = [];
  receiver.answer = says(201);
});

const vapid = { ...webPush.generateVAPIDKeys(), subject: 'mailto:ops@example.com' };
const browser = createECDH('prime256v1');
const keys = {
  p256dh: browser.generateKeys('base64url'),
  auth: Buffer.alloc(16, 5).toString('base64url'),
};
const send = (message: Partial<AlertMessage> = {}, given = keys) =>
  webPushChannel(
    { endpoint: `${receiver.origin}/push/CANARY`, keys: given },
    { fetch: guardedFetch({ allowPrivate: true }), vapid },
  ).send({ ...alert, ...message }, AbortSignal.timeout(5_000));

/** What the browser does with a message: RFC 8291, section 3.4, and RFC 8188, section 2. */
function decrypted(message: Buffer): unknown {
  const salt = message.subarray(0, 16);
  const senderKey = message.subarray(21, 21 + message.readUInt8(20));
  const sealed = message.subarray(21 + senderKey.length);
  const derived = (secret: Buffer, by: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, by, info, length));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), senderKey]);
  const shared = derived(browser.computeSecret(senderKey), Buffer.from(keys.auth, 'base64url'), info, 32);
  const key = derived(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derived(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const opener = createDecipheriv('aes-128-gcm', key, nonce);
  opener.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]);
  return JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString()) as unknown;
}

describe('a push', () => {
  it('can be read by the browser and by nobody else', async () => {
    expect(await send({ link: 'https://arbhub.example.com/a/1' })).toEqual({ outcome: 'sent' });
    const [got] = receiver.received;
    expect(got?.raw.toString('latin1')).not.toContain('act_123');
    expect(decrypted(got?.raw ?? Buffer.alloc(0))).toEqual({
      title: 'Account suspended',
      body: 'act_123: active → disabled',
      tag: '7-1',
      url: 'https://arbhub.example.com/a/1',
      shortId: 'A1B2C3',
      severity: 'critical',
      resolved: false,
    });
  });

  it('says who sends it, how urgent it is and which one it replaces', async () => {
    await send();
    await send({ purpose: 'resolved', deliveryKey: '7-1-5', severity: 'warning' });
    await send({ incidentKey: '8-1' });
    const [first, second, third] = receiver.received.map(({ headers }) => headers);
    expect(first).toMatchObject({ ttl: '86400', urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(second).toMatchObject({ urgency: 'normal', topic: first?.['topic'] });
    expect(first?.['topic']).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(third?.['topic']).not.toBe(first?.['topic']);
    expect(decrypted(receiver.received[1]?.raw ?? Buffer.alloc(0))).toMatchObject({
      title: 'Account suspended',
      resolved: true,
    });
    const [, token = ''] = /^vapid t=([^,]+), k=/.exec(first?.authorization ?? '') ?? [];
    const [head = '', claims = '', signature = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: receiver.origin,
      sub: 'mailto:ops@example.com',
    });
    const point = Buffer.from(vapid.publicKey, 'base64url');
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: point.subarray(1, 33).toString('base64url'),
        y: point.subarray(33).toString('base64url'),
      },
    });
    const signed = Buffer.from(`${head}.${claims}`);
    const by = { key, dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', signed, by, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  it('ends a subscription whose key is none', async () => {
    const notOnTheCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
    expect(await send({}, { ...browserKeys(), p256dh: notOnTheCurve })).toMatchObject({
      outcome: 'dead',
      disablesChannel: true,
    });
    expect(receiver.received).toEqual([]);
  });
});
