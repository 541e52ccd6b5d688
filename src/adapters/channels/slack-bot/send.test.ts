import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../../ports/channel.ts';
import { alert, closedOrigin, jsonIn, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { slackBotChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received = [];
});

const settings = { token: 'xoxb-CANARY-0123456789', channel: 'C0123456789' };
const channelAt = (origin = receiver.origin) =>
  slackBotChannel(settings, { fetch, apiUrl: `${origin}/api/` });
const within = () => AbortSignal.timeout(5_000);
const send = (message: Partial<AlertMessage> = {}) => channelAt().send({ ...alert, ...message }, within());
const posted = says(200, { ok: true, channel: 'C0123456789', ts: '1795000001.000200' });
const ref = 'C0123456789:1795000001.000200';
const first = 'C0123456789:1795000000.000100';

describe('a Slack bot', () => {
  it('posts with the delivery key, by its token', async () => {
    receiver.answer = posted;
    expect(await send()).toEqual({ outcome: 'sent', ref });
    const [got] = receiver.received;
    expect(got).toMatchObject({ method: 'POST', path: '/api/chat.postMessage' });
    expect(got?.headers).toMatchObject({
      authorization: 'Bearer xoxb-CANARY-0123456789',
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
    });
    const text = 'act_123: active → disabled [A1B2C3]';
    expect(got && jsonIn(got)).toEqual({
      channel: 'C0123456789',
      attachments: [
        {
          color: '#DC2626',
          title: 'Account suspended',
          text,
          fallback: `Account suspended: ${text}`,
          fields: [{ title: 'Vendor', value: 'North', short: true }],
          footer: 'ArbHub Monitoring System',
          ts: 1_795_000_000,
        },
      ],
      metadata: { event_type: 'arbhub_alert', event_payload: { delivery_key: '7-1-0' } },
      unfurl_links: false,
      unfurl_media: false,
    });
  });

  it.each(['acknowledged', 'resolved'] as const)('edits its first message when %s', async (purpose) => {
    receiver.answer = says(200, { ok: true, channel: 'C0123456789', ts: '1795000000.000100' });
    expect(await send({ purpose, sentRef: first, isPossibleRepeat: true })).toEqual({
      outcome: 'sent',
      ref: first,
    });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/api/chat.update']);
    const body = JSON.stringify(receiver.received.map(jsonIn));
    expect(body).toMatch(/"ts":"1795000000\.000100"/);
    expect(body).not.toMatch(/metadata|thread_ts|Possible repeat/);
    expect(body).toMatch(purpose === 'resolved' ? /#10B981.*Acc/ : /#DC2626.*Acknowledged: Acc/);
  });

  it.each(['repeat', 'escalated'] as const)('answers it, for all to see, at a %s', async (purpose) => {
    receiver.answer = posted;
    expect(await send({ purpose, sentRef: first })).toEqual({ outcome: 'sent', ref });
    expect(receiver.received.map(jsonIn)).toMatchObject([
      { thread_ts: '1795000000.000100', reply_broadcast: true, metadata: { event_type: 'arbhub_alert' } },
    ]);
  });

  it.each(['repeat', 'resolved'] as const)('says a %s anew when the first is gone', async (purpose) => {
    receiver.answer = (request, response, got) => {
      const isFirst = receiver.received.length === 1;
      (isFirst ? says(200, { ok: false, error: 'message_not_found' }) : posted)(request, response, got);
    };
    expect(await send({ purpose, sentRef: first, isPossibleRepeat: true })).toEqual({ outcome: 'sent', ref });
    expect(receiver.received).toHaveLength(2);
    expect(JSON.stringify(receiver.received.slice(1).map(jsonIn))).toMatch(/Possible repeat/);
    expect(receiver.received.slice(1).map(jsonIn)).not.toMatchObject([
      { thread_ts: expect.anything() as string },
    ]);
  });

  it.each([null, 'nonsense', '<7@x>'])('says it anew when the first is called %j', async (sentRef) => {
    receiver.answer = posted;
    await send({ purpose: 'resolved', sentRef });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/api/chat.postMessage']);
  });

  it('fails an edit by the same table', async () => {
    receiver.answer = says(200, { ok: false, error: 'token_revoked' });
    expect(await send({ purpose: 'resolved', sentRef: first })).toMatchObject({ disablesChannel: true });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('what was sent before', () => {
  const found = (message: Partial<AlertMessage> = {}) =>
    channelAt().findSent?.({ ...alert, ...message }, within());
  const said = (delivery_key: unknown, ts = '1795000001.000200', event_type = 'arbhub_alert') => ({
    ts,
    text: '',
    metadata: { event_type, event_payload: { delivery_key } },
  });

  it('is found by its delivery key', async () => {
    const messages = [
      { ts: '3.1', text: 'hi' },
      said('7-1-1', '2.1'),
      said('7-1-0', '9.9', 'other'),
      said('7-1-0'),
    ];
    receiver.answer = says(200, { ok: true, messages, has_more: true });
    expect(await found()).toEqual({ arrived: true, ref });
    const { path = '', method, headers } = receiver.received[0] ?? {};
    const { pathname, searchParams } = new URL(path, receiver.origin);
    expect([method, pathname]).toEqual(['GET', '/api/conversations.history']);
    expect(headers?.authorization).toBe('Bearer xoxb-CANARY-0123456789');
    expect(Object.fromEntries(searchParams)).toEqual({
      channel: 'C0123456789',
      oldest: '1794999880.000000',
      include_all_metadata: 'true',
      limit: '100',
    });
  });

  it('is not there when all was read', async () => {
    receiver.answer = says(200, {
      ok: true,
      messages: [said('7-1-1'), said(7), said(null)],
      has_more: false,
    });
    expect(await found()).toEqual({ arrived: false });
    receiver.answer = says(200, { ok: true, messages: [] });
    expect(await found()).toEqual({ arrived: false });
  });

  it('is found in a page as large as they come', async () => {
    const others = Array.from({ length: 99 }, (_, i) => ({ ...said(`x${i}`), text: 'x'.repeat(30_000) }));
    receiver.answer = says(200, { ok: true, messages: [...others, said('7-1-0')], has_more: false });
    expect(await found()).toEqual({ arrived: true, ref });
  });

  it.each([
    ['more than a page', says(200, { ok: true, messages: [said('x')], has_more: true })],
    ['no right to read', says(200, { ok: false, error: 'missing_scope' })],
    ['a limit', says(429, { ok: false, error: 'ratelimited' })],
    ['a page', says(200, '<html>')],
    ['a failure', says(500, '')],
    ['a strange list', says(200, { ok: true, messages: [1, 2] })],
  ])('cannot be told after %s', async (_name, answer) => {
    receiver.answer = answer;
    expect(await found()).toBeNull();
  });

  it('cannot be told when nobody answers', async () => {
    expect(await channelAt(await closedOrigin()).findSent?.(alert, within())).toBeNull();
    receiver.answer = () => {};
    expect(await channelAt().findSent?.(alert, AbortSignal.timeout(50))).toBeNull();
  });
});
