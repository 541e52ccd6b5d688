// Each way in which the world fails, for each transport by HTTP: what becomes of the message and of its
// channel.
import { createServer, type AddressInfo } from 'node:net';
import webPush from 'web-push';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelKind, SendOutcome } from '../../ports/channel.ts';
import { buildChannels } from './build-channel.ts';
import { alert, browserKeys, closedOrigin, says, startReceiver, type Answering } from './receiver.fixture.ts';
import type { Receiver } from './receiver.fixture.ts';

type Kind = Exclude<ChannelKind, 'email'>;
const vapid = { ...webPush.generateVAPIDKeys(), subject: 'mailto:ops@example.com' };

const entered: Record<Kind, (origin: string) => unknown> = {
  slack: (origin) => ({ webhookUrl: `${origin}/services/T00CANARY/B00CANARY/CANARY` }),
  slack_bot: () => ({ token: 'xoxb-CANARY-0123456789', channel: 'C0123456789' }),
  telegram: () => ({ botToken: '123456789:AACANARY_CANARY_CANARY_0123456789', chatId: '-1001234567890' }),
  whatsapp: () => ({
    phoneNumberId: '123456789012345',
    token: 'EAAExampleTokenCANARY123',
    to: '+15551234567',
    template: 'arbhub_alert',
    language: 'en',
  }),
  web_push: (origin) => ({ endpoint: `${origin}/push/CANARY`, keys: browserKeys() }),
  pagerduty: () => ({ routingKey: 'CANARYCANARYCANARYCANARY01234567' }),
  webhook: (origin) => ({ url: `${origin}/hooks/CANARY`, secret: 'CANARY-CANARY-CANARY' }),
};
const kinds = Object.keys(entered) as Kind[];

function channelAt(kind: Kind, origin: string): Channel {
  const build = buildChannels({
    allowPrivate: true,
    clock: { now: async () => 1_795_000_000_000 },
    appUrl: 'https://arbhub.example.com',
    slackApiUrl: `${origin}/api`,
    telegramApiUrl: origin,
    whatsappApiUrl: origin,
    graphVersion: 'v26.0',
    pagerdutyApiUrl: origin,
    vapid,
  });
  const built = build(kind, entered[kind](origin));
  if (!built.ok) throw new Error(built.problem);
  return built.channel;
}

let receiver: Receiver;
let closed = '';
/** Breaks off in the middle of its answer's head, whatever it is sent. */
const cutter = createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le'));
});
beforeAll(async () => {
  receiver = await startReceiver();
  closed = await closedOrigin();
  await new Promise<void>((resolve) => cutter.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await receiver.close();
  await new Promise((resolve) => cutter.close(resolve));
});
beforeEach(() => {
  receiver.received = [];
});

async function send(kind: Kind, origin = receiver.origin, signal = AbortSignal.timeout(9_000)) {
  const outcome = await channelAt(kind, origin).send(alert, signal);
  expect(JSON.stringify(outcome)).not.toMatch(/CANARY|127\.0\.0\.1|EVIL/);
  return outcome;
}

const again = (mayHaveArrived: boolean, more: object = {}) =>
  expect.objectContaining({
    outcome: 'retry',
    mayHaveArrived,
    pausesChannel: false,
    retryAfterMs: null,
    ...more,
  }) as SendOutcome;
const paused = (retryAfterMs: number) => again(false, { pausesChannel: true, retryAfterMs });
const dead = (disablesChannel: boolean) =>
  expect.objectContaining({ outcome: 'dead', disablesChannel }) as SendOutcome;
const sent = expect.objectContaining({ outcome: 'sent' }) as SendOutcome;

const page = '<!doctype html><title>EVIL</title>';

describe.each(kinds)('%s', (kind) => {
  const isWordy = !['slack', 'web_push', 'webhook'].includes(kind);

  it('nobody listens', async () => {
    expect(await send(kind, closed)).toEqual(again(false, { reason: 'no connection (ECONNREFUSED)' }));
  });
  it('the name does not exist', async () => {
    expect(await send(kind, 'http://nowhere.invalid')).toEqual(again(false));
  });
  it('TLS fails', async () => {
    expect(await send(kind, receiver.origin.replace('http:', 'https:'))).toEqual(again(false));
    expect(receiver.received).toEqual([]);
  });
  it('no answer in time', async () => {
    const deadline = new AbortController();
    receiver.answer = () => deadline.abort();
    expect(await send(kind, receiver.origin, deadline.signal)).toEqual(
      again(true, { reason: 'no answer in time' }),
    );
    expect(receiver.received).toHaveLength(1);
  });
  it('the connection is reset after the request', async () => {
    receiver.answer = (request) => request.socket.resetAndDestroy();
    expect(await send(kind)).toEqual(again(true));
  });
  it('the connection ends after the request', async () => {
    receiver.answer = (request) => request.socket.end();
    expect(await send(kind)).toEqual(again(true));
  });
  it('half a head', async () => {
    expect(await send(kind, `http://127.0.0.1:${(cutter.address() as AddressInfo).port}`)).toEqual(
      again(true),
    );
  });
  it('half a body', async () => {
    receiver.answer = (request, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"ok":tr');
      setTimeout(() => request.socket.destroy(), 30);
    };
    // A status is a yes where nothing but the status counts.
    expect(await send(kind)).toEqual(isWordy ? again(true) : sent);
  });
  it('a page instead of an answer', async () => {
    receiver.answer = says(200, page);
    expect(await send(kind)).toEqual(kind === 'webhook' ? sent : again(true));
  });
  it('429 that says how long', async () => {
    receiver.answer = says(429, '', { 'retry-after': '7' });
    expect(await send(kind)).toEqual(paused(7_000));
  });
  it('429 that does not', async () => {
    receiver.answer = says(429, page);
    expect(await send(kind)).toEqual(paused(30_000));
  });
  it.each([500, 502, 504, 599])('%i', async (status) => {
    receiver.answer = says(status, page);
    expect(await send(kind)).toEqual(again(true, { reason: `HTTP ${status}` }));
  });
  it('503 that says how long', async () => {
    receiver.answer = says(503, '', { 'retry-after': '20' });
    expect(await send(kind)).toEqual(again(true, { retryAfterMs: 20_000 }));
  });
  it.each([301, 307, 308])('a redirect, %i', async (status) => {
    receiver.answer = says(status, '', { location: `${receiver.origin}/elsewhere` });
    expect(await send(kind)).toEqual(again(false, { reason: `HTTP ${status}` }));
    expect(receiver.received).toHaveLength(1);
  });
  it.each([400, 401, 402, 403, 405, 406, 409, 418, 422, 451, 499])(
    'a %i that explains nothing',
    async (status) => {
      for (const body of ['', page, '{"EVIL":1}', '{"error":"EVIL"}', '[]', 'null']) {
        receiver.answer = says(status, body);
        expect(await send(kind)).toMatchObject({
          outcome: 'retry',
          mayHaveArrived: false,
          pausesChannel: false,
        });
      }
    },
  );
  it('an answer that repeats what it was sent', async () => {
    for (const status of [200, 400, 401, 403, 404, 429, 500]) {
      receiver.answer = (_request, response, { raw, headers, path }) => {
        const all = `${path} ${JSON.stringify(headers)} ${raw.toString()}`;
        response
          .writeHead(status)
          .end(JSON.stringify({ ok: false, error: all, description: all, status: all, message: all }));
      };
      // The canary is looked for in `send`.
      await send(kind);
    }
  });
  it('a status without the body that it announces', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(418, { 'content-length': '5' }).flushHeaders();
    };
    expect(await send(kind, receiver.origin, AbortSignal.timeout(300))).toEqual(again(false));
  });
  it('an endless body', async () => {
    receiver.answer = (_request, response) => {
      response.writeHead(400);
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    };
    expect(await send(kind)).toEqual(again(false));
    // Long before the attempt's deadline.
  }, 4_000);
});

/** What each says by name. */
const named: Record<Kind, readonly (readonly [string, Answering, SendOutcome])[]> = {
  slack: [
    ['ok', says(200, 'ok'), sent],
    ['invalid token', says(403, 'invalid_token'), dead(true)],
    ['gone channel', says(410, 'channel_is_archived'), dead(true)],
    ['refused message', says(400, 'invalid_payload'), dead(false)],
    ['too large', says(400, 'msg_too_long'), dead(false)],
  ],
  slack_bot: [
    [
      'ok',
      says(200, { ok: true, channel: 'C0123456789', ts: '1.2' }),
      { outcome: 'sent', ref: 'C0123456789:1.2' },
    ],
    ['invalid token', says(200, { ok: false, error: 'invalid_auth' }), dead(true)],
    ['revoked token', says(200, { ok: false, error: 'token_revoked' }), dead(true)],
    ['gone channel', says(200, { ok: false, error: 'channel_not_found' }), dead(true)],
    ['not in the channel', says(200, { ok: false, error: 'not_in_channel' }), dead(true)],
    ['archived', says(200, { ok: false, error: 'is_archived' }), dead(true)],
    ['too large', says(200, { ok: false, error: 'msg_too_long' }), dead(false)],
    ['refused message', says(200, { ok: false, error: 'invalid_attachments' }), dead(false)],
    ['limited without a status', says(200, { ok: false, error: 'ratelimited' }), paused(30_000)],
    ['half done', says(200, { ok: false, error: 'internal_error' }), again(true)],
    ['new word', says(200, { ok: false, error: 'EVIL_new_word' }), again(false)],
    ['a known word with 500', says(500, { ok: false, error: 'invalid_auth' }), again(true)],
  ],
  telegram: [
    ['ok', says(200, { ok: true, result: { message_id: 42 } }), { outcome: 'sent', ref: '42' }],
    ...(
      [
        [401, 'Unauthorized', dead(true)],
        [404, 'Not Found', dead(true)],
        [400, 'Bad Request: chat not found', dead(true)],
        [403, 'Forbidden: bot was blocked by the user', dead(true)],
        [403, 'Forbidden: bot was kicked from the supergroup chat', dead(true)],
        [403, 'Forbidden: bot is not a member of the channel chat', dead(true)],
        [403, 'Forbidden: user is deactivated', dead(true)],
        [400, 'Bad Request: not enough rights to send text messages to the chat', dead(true)],
        [400, 'Bad Request: message is too long', dead(false)],
        [400, "Bad Request: can't parse entities: EVIL", dead(false)],
        [400, 'Bad Request: message text is empty', dead(false)],
        [400, 'Bad Request: EVIL new words', again(false)],
        [403, 'Forbidden: EVIL new words', again(false)],
        [500, 'Internal Server Error', again(true)],
        [502, 'Bad Gateway: chat not found', again(true)],
      ] as const
    ).map(
      ([status, description, outcome]) =>
        [description, says(status, { ok: false, error_code: status, description }), outcome] as const,
    ),
    [
      'supergroup',
      says(400, {
        ok: false,
        description: 'Bad Request: group chat was upgraded to a supergroup chat',
        parameters: { migrate_to_chat_id: -1009876543210 },
      }),
      {
        outcome: 'dead',
        reason: 'the group became a supergroup: its chat id is now -1009876543210',
        disablesChannel: true,
      },
    ],
    [
      'flood',
      says(429, {
        ok: false,
        description: 'Too Many Requests: retry after 9',
        parameters: { retry_after: 9 },
      }),
      paused(9_000),
    ],
  ],
  whatsapp: [
    ['ok', says(200, { messages: [{ id: 'wamid.1' }] }), { outcome: 'sent', ref: 'wamid.1' }],
    ['ok with nothing', says(200, {}), again(true)],
    ['a yes with a no before it', says(503, { messages: [{ id: 'wamid.1' }] }), again(true)],
    ...(
      [
        [401, 190, dead(true)],
        [403, 10, dead(true)],
        [403, 200, dead(true)],
        [403, 299, dead(true)],
        [500, 3, dead(true)],
        [403, 368, dead(true)],
        [400, 131030, dead(true)],
        [400, 131031, dead(true)],
        [400, 131042, dead(true)],
        [400, 133010, dead(true)],
        [400, 132000, dead(true)],
        [404, 132001, dead(true)],
        [400, 132016, dead(true)],
        [400, 100, dead(false)],
        [400, 131026, dead(false)],
        [400, 131047, dead(false)],
        [400, 131051, dead(false)],
        [400, 132005, dead(false)],
        [400, 132015, dead(false)],
        [400, 4, paused(60_000)],
        [429, 130429, paused(60_000)],
        [400, 131048, paused(900_000)],
        [429, 131056, paused(6_000)],
        [500, 131000, again(true)],
        [503, 2, again(true)],
        [500, 131057, again(false)],
        [400, 999999, again(false)],
        [500, 999999, again(true)],
      ] as const
    ).map(
      ([status, code, outcome]) =>
        [
          `${status} ${code}`,
          says(status, { error: { code, message: 'EVIL', type: 'x' } }),
          outcome,
        ] as const,
    ),
    ['no such number', says(400, { error: { code: 100, error_subcode: 33 } }), dead(true)],
  ],
  web_push: [
    ['ok', says(201), sent],
    ['never was', says(404), dead(true)],
    ['gone', says(410), dead(true)],
    ['too large', says(413), dead(false)],
    ['another key, Apple', says(400, { reason: 'VapidPkHashMismatch' }), dead(true)],
    [
      'another key, Google',
      says(
        403,
        'the VAPID credentials do not correspond to the credentials used to create the subscriptions',
      ),
      dead(true),
    ],
    ['another key, Mozilla', says(401, { code: 401, errno: 109 }), dead(true)],
    ['other 403', says(403, 'EVIL'), again(false)],
  ],
  pagerduty: [
    ['ok', says(202, { status: 'success', message: 'Event processed', dedup_key: 'x' }), sent],
    ['ok, half', says(202, '{"status":"succ'), again(true)],
    [
      'invalid key',
      says(400, {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: ["Length of 'routing_key' is incorrect (should be 32 characters)"],
      }),
      dead(true),
    ],
    [
      'invalid key in the message',
      says(400, { status: 'invalid event', message: 'Invalid routing key' }),
      dead(true),
    ],
    [
      'refused',
      says(400, { status: 'invalid event', message: 'EVIL', errors: ['EVIL is missing'] }),
      dead(false),
    ],
    ['other 400', says(400, { status: 'EVIL' }), again(false)],
    ['too large', says(413), again(false)],
    ['limited', says(429, { status: 'throttle exceeded' }), paused(30_000)],
  ],
  webhook: [
    ['ok', says(200, 'thanks'), sent],
    ['accepted', says(202), sent],
    ['no content', says(204), sent],
    ['gone', says(410), dead(true)],
    ['too large', says(413), dead(false)],
    ['not found', says(404), again(false)],
  ],
};

describe.each(kinds)('%s by name', (kind) => {
  it.each(named[kind])('%s', async (_name, answering, outcome) => {
    receiver.answer = answering;
    expect(await send(kind)).toEqual(outcome);
  });
});
