import { Socket, type AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { guardedFetch, problemOfAddress } from './guarded-fetch.ts';
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

const innerV4 = [
  ...[
    '127.0.0.1',
    '127.0.0.53',
    '127.255.255.254',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
  ],
  ...[
    '2130706433',
    '017700000001',
    '0x7f.1',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '１２７.0.0.1',
    '127。0。0。1',
    '127.0x0.00.1',
  ],
  ...['0.0.0.0', '0', '0x0', '0.1.2.3', '0.255.255.255'],
  ...['10.0.0.1', '10.255.255.255', '012.0.0.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['192.168.255.255', '3232235521', '0xC0A80001', '192.168.1'],
  ...['169.254.169.254', '169.254.0.1', '169.254.170.2', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376'],
  ...['100.64.0.1', '100.100.100.200', '100.127.255.255', '168.63.129.16'],
  ...['192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
  ...['203.0.113.9', '192.31.196.1', '192.52.193.1', '192.175.48.1'],
  ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.254', '255.255.255.255', '4294967295'],
];
const innerV6 = [
  ...[
    '::1',
    '::',
    '0:0:0:0:0:0:0:1',
    '0000::0001',
    '::2',
    '::ffff',
    '1::',
    '::127.0.0.1',
    '::7f00:1',
    '::8.8.8.8',
  ],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8'],
  ...[
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::10.0.0.1',
  ],
  ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:c0a8:101::', '2002:808:808::1'],
  ...[
    '2001::1',
    '2001:0:7f00:1::',
    '2001:0:53aa:64c:0:fbff:80ff:fffe',
    '2001:2::1',
    '2001:3::1',
    '2001:4:112::1',
  ],
  ...['2001:10::1', '2001:20::1', '2001:30::1', '2001:db8::1', '3fff::1', '2620:4f:8000::1', '5f00::1'],
  ...['fc00::1', 'fd00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'feff::1'],
  ...[
    'ff02::1',
    'ff0e::1',
    'ff00::',
    '100::1',
    '200::1',
    '400::1',
    '4000::1',
    '8000::1',
    'c000::1',
    'e000::1',
  ],
  ...['2606:4700::5efe:10.0.0.1', '2606:4700::200:5efe:127.0.0.1'],
];
const innerNames = [
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'printer.local',
    'db.internal',
  ],
  ...[
    'metadata.google.internal',
    'metadata',
    'intranet',
    'router.lan',
    'nas.home',
    'x.home.arpa',
    'mail.corp',
    'ﬁle',
  ],
];
const otherForms = [
  ...[
    'http://hooks.example.com/',
    'HTTP://hooks.example.com',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
  ],
  ...['gopher://hooks.example.com/', 'data:text/plain,x', 'javascript:alert(1)', 'ws://hooks.example.com/'],
  ...[
    'wss://hooks.example.com/',
    'unix:/run/x.sock',
    'blob:https://hooks.example.com/x',
    'dict://127.0.0.1:11211/',
  ],
  ...[
    '//hooks.example.com/',
    'hooks.example.com',
    '',
    ' ',
    'https://',
    'https:///',
    'https://:443/',
    'https://[/',
  ],
  ...[
    'https://user@hooks.example.com/',
    'https://user:pw@hooks.example.com/',
    'https://:pw@hooks.example.com/',
  ],
  ...[
    'https://hooks.example.com@127.0.0.1/',
    'https://127.0.0.1\\@hooks.example.com/',
    'https://1.1.1.1&@127.0.0.1/',
  ],
  ...['https://hooks.example.com:80/', 'https://hooks.example.com:22/', 'https://hooks.example.com:8080/'],
  ...['https://hooks.example.com:5432/', 'https://hooks.example.com:0/', 'https://hooks.example.com:65535/'],
  ...[
    'https://hooks.example.com:99999/',
    'https://127.0.0.1%2f@x.example.com/',
    'https://[::1%25lo]/',
    'https://1.2.3/',
  ],
];
const forbidden = [
  ...[...innerV4, ...innerNames].flatMap((host) => [`https://${host}/`, `https://${host}:8443/x?y#z`]),
  ...innerV6.flatMap((host) => [`https://[${host}]/`, `https://[${host}]:8443/`]),
  ...otherForms,
];
/** `1.2.3` is 1.2.0.3, which is public: it stands there to show that it is meant. */
const isPublicAfterAll = (form: string) => form === 'https://1.2.3/';

const attempts = () => vi.spyOn(Socket.prototype, 'connect');
/** Says that every name is in here, so that a name is refused by what it resolves to if by nothing else. */
const inward = async () => ['127.0.0.1'];

describe('an address typed into the product', () => {
  it(`has at least 120 forbidden forms (${forbidden.length})`, () => {
    expect(new Set(forbidden).size).toBeGreaterThanOrEqual(120);
  });

  it.each(forbidden.filter((form) => !isPublicAfterAll(form)))(
    '%s is refused without a connection',
    async (form) => {
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
    },
  );

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

  it.each([
    [['10.0.0.1']],
    [['93.184.215.14', '127.0.0.1']],
    [['::ffff:127.0.0.1']],
    [['2606:4700::1', 'fe80::1%eth0']],
    [['not an address']],
    [[]],
  ])('a name with the addresses %j is refused', async (addresses) => {
    const connect = attempts();
    const send = guardedFetch({ resolve: async () => addresses });
    await expect(send(new URL('https://hooks.example.com/'), {})).rejects.toThrow('not public');
    expect(connect).not.toHaveBeenCalled();
  });

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
