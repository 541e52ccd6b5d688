import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guardedFetch } from '../guarded-fetch.ts';
import { alert, jsonIn, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { webhookChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

it('posts all facts, signed', async () => {
  receiver.answer = says(200);
  const secret = 'CANARY-CANARY-CANARY';
  const channel = webhookChannel(
    { url: `${receiver.origin}/in?x=1`, secret },
    { fetch: guardedFetch({ allowPrivate: true }), clock: { now: async () => 1_795_000_001_999 } },
  );
  const message = {
    ...alert,
    purpose: 'resolved' as const,
    isPossibleRepeat: true,
    link: 'https://x.example/1',
  };
  expect(await channel.send(message, AbortSignal.timeout(5_000))).toEqual({ outcome: 'sent' });
  const [got] = receiver.received;
  if (got === undefined) throw new Error('nothing came');
  expect(got).toMatchObject({ method: 'POST', path: '/in?x=1' });
  expect(jsonIn(got)).toEqual({
    version: 1,
    deliveryKey: '7-1-0',
    incidentKey: '7-1',
    purpose: 'resolved',
    isPossibleRepeat: true,
    alert: {
      shortId: 'A1B2C3',
      severity: 'critical',
      title: 'Account suspended',
      text: 'act_123: active → disabled',
      fields: [{ label: 'Vendor', value: 'North' }],
      openedAt: '2026-11-18T11:06:40.000Z',
      link: 'https://x.example/1',
    },
  });
  const signature = createHmac('sha256', secret).update('1795000001.').update(got.raw).digest('hex');
  expect(got.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-arbhub-delivery': '7-1-0',
    'x-arbhub-timestamp': '1795000001',
    'x-arbhub-signature': `sha256=${signature}`,
  });
});

it('calls no address inside, whatever stands in its settings', async () => {
  receiver.received = [];
  const channel = webhookChannel(
    { url: `${receiver.origin}/in`, secret: 'x'.repeat(16) },
    { fetch: guardedFetch(), clock: { now: async () => 0 } },
  );
  expect(await channel.send(alert, AbortSignal.timeout(5_000))).toEqual({
    outcome: 'dead',
    reason: 'the address is not public',
    disablesChannel: false,
  });
  expect(receiver.received).toEqual([]);
});
