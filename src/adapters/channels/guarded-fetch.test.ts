import { Socket, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { guardedFetch, problemOfAddress } from './guarded-fetch.ts';
import { forbiddenAddresses, innerAnswers, innerV4 } from './forbidden-addresses.fixture.ts';
import { exchange } from './http.ts';
import { says, startReceiver, type Receiver } from './receiver.fixture.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
afterEach(() => {
  vi.restoreAllMocks();
});

const attempts = () => vi.spyOn(Socket.prototype, 'connect');
/** Says that every name is in here, so that a name is refused by what it resolves to if by nothing else. */
const inward = async () => ['127.0.0.1'];

describe('an address typed into the product', () => {
  it(`has at least 120 forbidden forms (${forbiddenAddresses.length})`, () => {
    expect(new Set(forbiddenAddresses).size).toBe(forbiddenAddresses.length);
    expect(forbiddenAddresses.length).toBeGreaterThanOrEqual(120);
  });

  it.each(forbiddenAddresses)('%s is refused without a connection', async (form) => {
    const connect = attempts();
    const isUrl = URL.canParse(form);
    const problem = problemOfAddress(form);
    expect(problem).toMatch(/^must /);
    if (isUrl) {
      const call = { url: new URL(form), headers: {}, body: 'x' };
      const outcome = await exchange(guardedFetch({ resolve: inward }), call, AbortSignal.timeout(2_000));
      expect(outcome).toEqual({
        outcome: 'dead',
        reason: 'the address is not public',
        disablesChannel: false,
      });
    } else expect(problem).toMatch(/https address/);
    expect(connect).not.toHaveBeenCalled();
    expect(receiver.connections).toBe(0);
  });

  it.each([...innerV4.slice(0, 4), 'x.example.com'].map((host) => `https://${host}/`))(
    '%s is refused at another port too',
    async (form) => {
      const connect = attempts();
      const url = new URL(form);
      url.port = new URL(receiver.origin).port;
      await expect(guardedFetch({ resolve: inward })(url, {})).rejects.toThrow('not public');
      expect(connect).not.toHaveBeenCalled();
    },
  );

  it.each(innerAnswers.map((answer) => [answer]))(
    'a name with the addresses %j is refused',
    async (addresses) => {
      const connect = attempts();
      const send = guardedFetch({ resolve: async () => addresses });
      await expect(send(new URL('https://hooks.example.com/'), {})).rejects.toThrow('not public');
      expect(connect).not.toHaveBeenCalled();
    },
  );

  it.each([
    'https://hooks.example.com/a',
    'https://hooks.example.com:8443/',
    'https://1.1.1.1/',
    'https://1.2.3/',
  ])('%s may be tried', (form) => {
    expect(problemOfAddress(form)).toBeNull();
  });

  it('is looked up once, and the checked addresses are called, whatever the name says later', async () => {
    const asked: string[] = [];
    const answers = [['1.1.1.1', '2606:4700::1111'], ['127.0.0.1']];
    const resolve = async (name: string) => {
      asked.push(name);
      return answers.shift() ?? [];
    };
    // Stops before anything leaves this machine, where the address is already known.
    const seen: unknown[] = [];
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...given: unknown[]) {
      const [options] = [given[0]].flat() as [{ lookup: (...more: unknown[]) => void; host: string }];
      options.lookup(options.host, { all: true }, (_error: unknown, found: unknown) => seen.push(found));
      process.nextTick(() => this.destroy(Object.assign(new Error('stopped'), { code: 'ECONNREFUSED' })));
      return this;
    });
    const send = guardedFetch({ resolve });
    const call = { url: new URL('https://rebinding.example.com/'), headers: {} };
    expect(await exchange(send, call, AbortSignal.timeout(2_000))).toMatchObject({
      outcome: 'retry',
      mayHaveArrived: false,
    });
    expect(asked).toEqual(['rebinding.example.com']);
    expect(seen).toEqual([
      [
        { address: '1.1.1.1', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
    ]);
    expect(await exchange(send, call, AbortSignal.timeout(2_000))).toMatchObject({ outcome: 'dead' });
    expect(asked).toHaveLength(2);
    expect(seen).toHaveLength(1);
  });

  it('waits for no name longer than it may', async () => {
    const send = guardedFetch({ resolve: () => new Promise(() => {}) });
    const call = { url: new URL('https://hooks.example.com/'), headers: {} };
    expect(await exchange(send, call, AbortSignal.timeout(20))).toMatchObject({ outcome: 'retry' });
    expect(await exchange(send, call, AbortSignal.abort())).toMatchObject({ outcome: 'retry' });
  });

  it('cannot be what the system knows under another name', async () => {
    const connect = attempts();
    await expect(guardedFetch()(new URL('https://nowhere.invalid/'), {})).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string,
    });
    expect(connect).not.toHaveBeenCalled();
  });
});

describe("an operator's own gateway", () => {
  const send = guardedFetch({ allowPrivate: true, resolve: inward });

  it('is called at the address that was looked up, under its name', async () => {
    receiver.answer = says(201, 'yes', { 'x-a': '1' });
    const { port } = new URL(receiver.origin);
    const answer = await send(new URL(`http://gateway.example.com:${port}/path?q=1`), {
      method: 'POST',
      headers: { 'x-b': '2' },
      body: 'héllo',
    });
    expect([answer.status, await answer.text(), answer.headers.get('x-a')]).toEqual([201, 'yes', '1']);
    const [got] = receiver.received;
    expect(got).toMatchObject({ method: 'POST', path: '/path?q=1', headers: { 'x-b': '2' } });
    expect(got?.headers.host).toBe(`gateway.example.com:${port}`);
    expect(got?.raw.toString()).toBe('héllo');
  });

  it('is asked for by its name in TLS too, so that its certificate is held against that name', async () => {
    const names: string[] = [];
    const server = createTlsServer({
      SNICallback: (name, done) => {
        names.push(name);
        done(new Error('has no certificate'));
      },
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const call = { url: new URL(`https://gateway.example.com:${port}/`), headers: {}, body: 'x' };
    const outcome = await exchange(send, call, AbortSignal.timeout(5_000));
    await new Promise((resolve) => server.close(resolve));
    expect(names).toEqual(['gateway.example.com']);
    expect(outcome).toMatchObject({ outcome: 'retry' });
  });

  it('is not followed where it points to', async () => {
    receiver.received = [];
    receiver.answer = says(302, '', { location: 'http://169.254.169.254/' });
    const answer = await send(new URL(receiver.origin), { method: 'POST', body: '' });
    expect(answer.status).toBe(302);
    expect(receiver.received).toHaveLength(1);
  });

  it('is http or https, without credentials', async () => {
    const options = { allowPrivate: true };
    expect(problemOfAddress('http://10.0.0.1:9/x', options)).toBeNull();
    expect(problemOfAddress('ftp://10.0.0.1/', options)).toBe('must be an http or https address');
    expect(problemOfAddress('http://u:p@10.0.0.1/', options)).toMatch(/user name/);
  });
});
