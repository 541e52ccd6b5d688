// A real local HTTP server that records what it was sent and answers as a test says.
import { createECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertMessage } from '../../ports/channel.ts';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
}
export type Answering = (request: IncomingMessage, response: ServerResponse, received: Received) => void;

export interface Receiver {
  origin: string;
  received: Received[];
  /** How many connections were ever opened. */
  connections: number;
  answer: Answering;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, raw: Buffer.concat(parts) };
      receiver.received.push(received);
      receiver.answer(request, response, received);
    });
  });
  server.on('connection', () => (receiver.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    connections: 0,
    answer: (_request, response) => response.end(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}

export const says =
  (status: number, body: unknown = '', headers: Record<string, string> = {}): Answering =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

export const jsonIn = ({ raw }: Received): unknown => JSON.parse(raw.toString()) as unknown;

/** An address where nobody listens. */
export async function closedOrigin(): Promise<string> {
  const closed = await startReceiver();
  await closed.close();
  return closed.origin;
}

export const alert: AlertMessage = {
  purpose: 'opened',
  shortId: 'A1B2C3',
  link: null,
  incidentKey: '7-1',
  sentRef: null,
  severity: 'critical',
  title: 'Account suspended',
  text: 'act_123: active → disabled',
  fields: [{ label: 'Vendor', value: 'North' }],
  openedAt: 1_795_000_000_000,
  isPossibleRepeat: false,
  deliveryKey: '7-1-0',
};

/** Texts that try to be more than text. */
export const hostileTexts = [
  '<!channel> <@U1|you> <https://evil.example|click> & &amp;',
  '<script>alert(1)</script><img src=x onerror=alert(1)>"\'`',
  '</b></a><b><a href="https://evil.example">',
  '@everyone @someone /stop #tag *bold* _it_ `code` [x](https://evil.example)',
  'Subject: x\r\nBcc: victim@example.com\r\n\r\nbody\r\n.\r\nQUIT\r\n',
  'a\u0000b\u0007c\u001B[31m\u2028\u2029\u0085d',
  '\u202Egnp.exe\u202C \u2066x\u2069 act_\u202E321',
  '😀'.repeat(3_000),
  '\uD83D half \uDE00 halves \uD83D',
  '👩‍👩‍👧‍👦'.repeat(1_500),
  'é̂'.repeat(20_000),
  'x'.repeat(40_000),
  '漢'.repeat(5_000),
  '"'.repeat(5_000),
  '\t\n  \n      many     spaces      ',
  '',
  '"}],"x":{"y":"',
  '\\u0000\\n\\"',
];

/** The alert with one text in all its places. */
export function saying(text: string, change: Partial<AlertMessage> = {}): AlertMessage {
  const fields = Array.from({ length: 60 }, () => ({ label: text, value: text }));
  return { ...alert, title: text, text, fields, ...change };
}

/** What a browser would have told of itself. */
export function browserKeys(): { p256dh: string; auth: string } {
  const ecdh = createECDH('prime256v1');
  return { p256dh: ecdh.generateKeys('base64url'), auth: Buffer.alloc(16, 7).toString('base64url') };
}
