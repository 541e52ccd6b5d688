import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage, SendOutcome } from '../../../ports/channel.ts';
import { slackMessage } from './message.ts';
import { slackChannel } from './send.ts';

const secret = '/services/T00SECRET/B00SECRET/canary';
const message: AlertMessage = {
  purpose: 'opened',
  shortId: 'A1B2C3',
  link: null,
  incidentKey: '1-1',
  sentRef: null,
  severity: 'critical',
  title: 'Account suspended',
  text: 'act_123: active → disabled',
  fields: [],
  openedAt: 1_795_000_000_000,
  isPossibleRepeat: false,
  deliveryKey: '7-1-0',
};

/** A receiver that records what it was sent and answers as the test says. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let received: { method: string; url: string; type: string; connection: string; body: unknown }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    const { 'content-type': type = '', connection = '' } = headers;
    received.push({ method, url, type, connection, body: JSON.parse(body) as unknown });
    answer(request, response);
  });
});
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  received = [];
});

const says =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, headers).end(body);

async function send(signal = AbortSignal.timeout(5_000), from = origin): Promise<SendOutcome> {
  const outcome = await slackChannel({ webhookUrl: from + secret }).send(message, signal);
  expect(JSON.stringify(outcome)).not.toMatch(/SECRET|canary|127\.0\.0\.1/);
  return outcome;
}
const retry = (reason: string, mayHaveArrived: boolean) => ({
  outcome: 'retry',
  reason,
  retryAfterMs: null,
  pausesChannel: false,
  mayHaveArrived,
});

describe('a Slack channel', () => {
  it('posts the message as JSON, once, on a connection of its own', async () => {
    answer = says(200, 'ok');
    expect(await send()).toEqual({ outcome: 'sent' });
    expect(received).toEqual([
      {
        method: 'POST',
        url: secret,
        type: 'application/json; charset=utf-8',
        connection: 'close',
        body: JSON.parse(JSON.stringify(slackMessage(message))) as unknown,
      },
    ]);
  });

  it('counts a 2xx without "ok" as sent, but not a page that something else sent', async () => {
    answer = says(204, '');
    expect(await send()).toEqual({ outcome: 'sent' });
    answer = says(200, '<!doctype html><title>Log in to the network</title>');
    expect(await send()).toEqual(retry('HTTP 200 with a page', true));
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    [
      'a date',
      { 'retry-after': 'Tue, 24 Nov 2026 10:01:30 GMT', date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
      90_000,
    ],
    [
      'a date gone by',
      { 'retry-after': 'Tue, 24 Nov 2026 09:00:00 GMT', date: 'Tue, 24 Nov 2026 10:00:00 GMT' },
      0,
    ],
    ['nothing', {}, 30_000],
    ['nonsense', { 'retry-after': '1.5 bananas' }, 30_000],
  ])('a 429 with %s pauses the channel', async (_name, headers, retryAfterMs) => {
    answer = says(429, 'rate_limited', headers);
    expect(await send()).toEqual({ ...retry('HTTP 429', false), retryAfterMs, pausesChannel: true });
  });

  it.each([
    [403, 'action_prohibited'],
    [403, 'invalid_token'],
    [403, 'posting_to_general_channel_denied'],
    [400, 'user_not_found'],
    [404, 'channel_not_found'],
    [404, 'no_active_hooks'],
    [404, 'no_service'],
    [404, 'no_service_id'],
    [404, 'no_team'],
    [403, 'team_disabled'],
    [410, 'channel_is_archived'],
  ])('%i %s ends the channel', async (status, word) => {
    answer = says(status, `${word}\n`);
    expect(await send()).toEqual({
      outcome: 'dead',
      reason: `HTTP ${status} ${word}`,
      disablesChannel: true,
    });
  });

  it.each(['invalid_payload', 'too_many_attachments', 'no_text', 'invalid_attachments'])(
    '400 %s ends only this message',
    async (word) => {
      answer = says(400, word);
      expect(await send()).toEqual({ outcome: 'dead', reason: `HTTP 400 ${word}`, disablesChannel: false });
    },
  );

  it.each([
    [400, 'new_words_of_slack', false],
    [401, '', false],
    [404, '<html>no_service</html>', false],
    [408, '', false],
    [410, 'gone', false],
    [500, 'rollup_error', true],
    [500, 'no_service', true],
    [502, '', true],
    [503, 'x'.repeat(2_000_000), true],
  ])('%i is tried again (case %#)', async (status, body, mayHaveArrived) => {
    answer = says(status, body);
    expect(await send()).toEqual(retry(`HTTP ${status}`, mayHaveArrived));
  });

  it('follows no redirect', async () => {
    answer = says(307, '', { location: '/elsewhere' });
    expect(await send()).toEqual(retry('HTTP 307', false));
    expect(received.map(({ url }) => url)).toEqual([secret]);
  });

  it('is in doubt when no answer comes in time', async () => {
    const deadline = new AbortController();
    answer = () => deadline.abort();
    expect(await send(deadline.signal)).toEqual(retry('no answer in time', true));
    expect(received).toHaveLength(1);
  });

  it('believes the status when the body never ends', async () => {
    const deadline = new AbortController();
    answer = (_request, response) => {
      response.writeHead(200).write('o');
      setTimeout(() => deadline.abort(), 50);
    };
    expect(await send(deadline.signal)).toEqual({ outcome: 'sent' });
  });

  it('is in doubt when the connection breaks after sending', async () => {
    answer = (request) => request.socket.resetAndDestroy();
    expect(await send()).toMatchObject({ outcome: 'retry', mayHaveArrived: true });
    answer = (request) => request.socket.end();
    expect(await send()).toMatchObject({ outcome: 'retry', mayHaveArrived: true });
  });

  it('knows that nothing arrived where nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await send(undefined, `http://${host}:${port}`)).toEqual(
        retry('no connection (ECONNREFUSED)', false),
      );
    expect(await send(undefined, origin.replace('http:', 'https:'))).toMatchObject({ mayHaveArrived: false });
    expect(await send(undefined, 'http://nowhere.invalid')).toMatchObject({ mayHaveArrived: false });
  });
});

it('keeps the address to itself', () => {
  expect(inspect(slackChannel({ webhookUrl: origin + secret }), { depth: 9 })).not.toMatch(/SECRET/);
  for (const bad of ['SECRET', 'ftp://host/SECRET', 'https://user:SECRET@host/', 'http://:SECRET'])
    expect(() => slackChannel({ webhookUrl: bad })).toThrow(/^(?!.*SECRET).*not an http/s);
});
