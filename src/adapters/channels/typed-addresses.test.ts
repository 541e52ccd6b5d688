// Addresses that people type into the product: each kind of channel that takes one, against real listeners on this machine.
import { createServer, type Server, Socket, type AddressInfo } from 'node:net';
import webPush from 'web-push';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelKind } from '../../ports/channel.ts';
import { buildChannels, type ChannelOptions } from './build-channel.ts';
import { forbiddenAddresses, innerAnswers, namesThatLeadInside } from './forbidden-addresses.fixture.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { exchange } from './http.ts';
import { alert, browserKeys, says, startReceiver } from './receiver.fixture.ts';

const options: ChannelOptions = {
  clock: { now: async () => 0 },
  appUrl: 'https://arbhub.example.com',
  graphVersion: 'v26.0',
  vapid: { ...webPush.generateVAPIDKeys(), subject: 'mailto:ops@example.com' },
};
const keys = browserKeys();

/** Each kind that takes an address, with what is entered beside it. */
const typed: [ChannelKind, (address: string) => object][] = [
  ['slack', (webhookUrl) => ({ webhookUrl })],
  ['webhook', (url) => ({ url, secret: 'a secret of ours'.replaceAll(' ', '-') })],
  ['web_push', (endpoint) => ({ endpoint, keys })],
];

/** Two listeners on all of this machine's addresses: at the port that may be typed, where it is free, and at another. */
const listeners: { port: number; server: Server }[] = [];
let connections = 0;
beforeAll(async () => {
  for (const port of [8443, 0]) {
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    const isListening = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, () => resolve(true));
    });
    if (isListening) listeners.push({ server, port: (server.address() as AddressInfo).port });
  }
});
afterAll(() => listeners.forEach(({ server }) => server.close()));
afterEach(() => {
  vi.restoreAllMocks();
});

const patience = () => AbortSignal.timeout(2_000);

it('listens where the addresses lead: without the guard they arrive', async () => {
  const { port } = listeners.at(-1)!;
  const open = guardedFetch({ allowPrivate: true });
  const local = forbiddenAddresses
    .filter((form) => URL.canParse(form))
    .map((form) => new URL(form))
    .filter(
      ({ protocol, hostname }) => protocol === 'https:' && /^(127\.|0\.0\.0\.0|localhost\.?$)/.test(hostname),
    );
  expect(local.length).toBeGreaterThan(40);
  for (const url of local) {
    Object.assign(url, { protocol: 'http:', username: '', password: '', port: String(port) });
    await exchange(open, { url, headers: {}, body: 'x' }, patience());
  }
  const arrived = connections;
  connections = 0;
  // Not every system answers at all of 127.0.0.0/8, nor knows a name that ends in a dot.
  expect(arrived).toBeGreaterThan(40);
});

describe.each(typed)('an address typed in for %s', (kind, entered) => {
  it(`is refused in each of ${forbiddenAddresses.length} forbidden forms, without a connection`, () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    const build = buildChannels(options);
    const accepted = forbiddenAddresses.filter((form) => build(kind, entered(form)).ok);
    expect(accepted).toEqual([]);
    expect(connect).not.toHaveBeenCalled();
    expect(connections).toBe(0);
  });

  it('is refused at every port where something listens', () => {
    for (const { port } of listeners.filter((each) => each.port !== 8443))
      for (const host of ['127.0.0.1', '[::1]', 'localhost', 'hooks.slack.com', 'x.example.com'])
        expect(buildChannels(options)(kind, entered(`https://${host}:${port}/`)).ok).toBe(false);
  });
});

describe('a name that looks public', () => {
  // Slack's is known by name, so another never gets so far.
  it.each(typed.slice(1))('gets no message for %s when it leads inside', async (kind, entered) => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    for (const name of namesThatLeadInside)
      for (const answer of innerAnswers) {
        const build = buildChannels({ ...options, resolve: async () => answer });
        const built = build(kind, entered(`https://${name}:8443/x`));
        if (!built.ok) throw new Error(`${name}: ${built.problem}`);
        const outcome = await built.channel.send(alert, patience());
        expect([name, answer, outcome]).toMatchObject([
          name,
          answer,
          { outcome: 'dead', reason: 'the address is not public' },
        ]);
      }
    expect(connect).not.toHaveBeenCalled();
    expect(connections).toBe(0);
  });

  it('is no way in for Slack either, should its own name ever lead inside', async () => {
    const connect = vi.spyOn(Socket.prototype, 'connect');
    for (const answer of innerAnswers) {
      const build = buildChannels({ ...options, resolve: async () => answer });
      const built = build('slack', { webhookUrl: 'https://hooks.slack.com/services/x' });
      if (!built.ok) throw new Error(built.problem);
      expect(await built.channel.send(alert, patience())).toMatchObject({ outcome: 'dead' });
    }
    expect(connect).not.toHaveBeenCalled();
  });
});

describe('a receiver that points elsewhere', () => {
  it.each([301, 302, 303, 307, 308])('with %i is not followed inside', async (status) => {
    const receiver = await startReceiver();
    const { port } = listeners.at(-1)!;
    receiver.answer = says(status, '', {
      location: `http://127.0.0.1:${port}/`,
      refresh: '0;url=http://127.0.0.1',
    });
    // The operator's leave to call this machine is the hardest case: even then nobody goes on.
    const build = buildChannels({ ...options, allowPrivate: true });
    for (const [kind, entered] of typed) {
      const built = build(kind, entered(receiver.origin));
      if (!built.ok) throw new Error(built.problem);
      expect((await built.channel.send(alert, patience())).outcome).not.toBe('sent');
    }
    await receiver.close();
    expect(receiver.received).toHaveLength(typed.length);
    expect(connections).toBe(0);
  });

  it('without TLS never sees the message', async () => {
    const receiver = await startReceiver();
    const { port } = new URL(receiver.origin);
    const build = buildChannels({ ...options, allowPrivate: true });
    for (const [kind, entered] of typed) {
      const built = build(kind, entered(`https://127.0.0.1:${port}/`));
      if (!built.ok) throw new Error(built.problem);
      expect(await built.channel.send(alert, patience())).toMatchObject({
        outcome: 'retry',
        mayHaveArrived: false,
      });
    }
    await receiver.close();
    expect(receiver.connections).toBe(typed.length);
    expect(receiver.received).toEqual([]);
  });
});
