import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A Graph API with nothing behind it: constant answers after a constant time, so that what is measured is the client.
 * Run as its own process: `stand-in.ts --accounts 100 --single-ms 300 --batch-ms 600`; prints `ready <port>`. A token
 * `part-<k>` lists the k-th (from 0) of `--tokens` equal shares of the accounts, any other lists all of them.
 */
const option = (name: string, fallback: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const accounts = option('accounts', 100);
const singleMs = option('single-ms', 300);
const batchMs = option('batch-ms', 600);
const tokens = option('tokens', 1);
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York' }).format(Date.now());

const digitsOf = (n: number) => String(1_000_000_001 + n);

const node = (digits: string) => ({
  id: `act_${digits}`,
  account_id: digits,
  name: `Account ${digits}`,
  account_status: 1,
  disable_reason: 0,
  currency: 'USD',
  timezone_name: 'America/New_York',
  amount_spent: String((Number(digits) % 90_000) * 37),
  spend_cap: '50000000',
  balance: String(Number(digits) % 20_000),
  business: { id: `10${Number(digits) % 12}`, name: `BM ${Number(digits) % 12}` },
  adtrust_dsl: 250,
});

const insights = (digits: string) => ({
  data: [
    {
      account_id: digits,
      spend: ((Number(digits) % 90_000) / 100).toFixed(2),
      impressions: String(Number(digits) % 99_999),
      clicks: String(Number(digits) % 999),
      cpc: '0.339918',
      outbound_clicks: [{ action_type: 'outbound_click', value: String(Number(digits) % 500) }],
      date_start: today,
      date_stop: today,
    },
  ],
});

const usage = '{"acc_id_util_pct":1.5,"reset_time_duration":100,"ads_api_access_tier":"standard_access"}';
const itemHeaders = [
  { name: 'Content-Type', value: 'application/json; charset=UTF-8' },
  { name: 'Cache-Control', value: 'private, no-cache, no-store, must-revalidate' },
  { name: 'Vary', value: 'Accept-Encoding' },
  { name: 'X-Ad-Account-Usage', value: usage },
];

function answer(relative: string, token = ''): object {
  const url = new URL(relative, 'http://graph/');
  const [, , id = '', edge] = url.pathname.split('/');
  if (edge === 'adaccounts') {
    const part = /part-(\d+)$/.exec(token)?.[1];
    const begin = part === undefined ? 0 : Number(part) * (accounts / tokens);
    const last = part === undefined ? accounts : begin + accounts / tokens;
    const first = Number(url.searchParams.get('after') ?? begin);
    const end = Math.min(last, first + Number(url.searchParams.get('limit') ?? 25));
    const data = Array.from({ length: end - first }, (_, n) => node(digitsOf(first + n)));
    const cursors = { before: String(first), after: String(end) };
    return { data, paging: { cursors, ...(end < last ? { next: 'more' } : {}) } };
  }
  const digits = id.slice(4);
  if (edge === 'insights') return insights(digits);
  if (edge === 'ads') return { data: [], summary: { total_count: 12 } };
  if (edge === 'activities') return { data: [] };
  return node(digits);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The same batch is asked in every cycle; its answer is written out once. */
const written = new Map<string, string>();

function answerBatch(body: string): string {
  const known = written.get(body);
  if (known !== undefined) return known;
  const batch = JSON.parse(new URLSearchParams(body).get('batch') ?? '[]') as { relative_url: string }[];
  const text = JSON.stringify(
    batch.map(({ relative_url }) => ({
      code: 200,
      headers: itemHeaders,
      body: JSON.stringify(answer(relative_url)),
    })),
  );
  if (written.size < mostWritten) written.set(body, text);
  return text;
}

const mostWritten = 2000;

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  const isBatch = request.method === 'POST';
  const latencyMs = isBatch ? batchMs : singleMs;
  const text = isBatch
    ? answerBatch(await bodyOf(request))
    : JSON.stringify(answer((request.url ?? '/').slice(1), request.headers.authorization));
  setTimeout(
    () =>
      response.writeHead(200, { 'content-type': 'application/json', 'x-ad-account-usage': usage }).end(text),
    Math.max(0, latencyMs - (performance.now() - startedAt)),
  );
}

const server = createServer((request, response) => void respond(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`),
);
