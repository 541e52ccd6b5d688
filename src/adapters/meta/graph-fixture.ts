import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metaAccountSource } from './account-source.ts';
import type { BatchPlan } from './batch.ts';
import { metaClient, type MetaSettings } from './client.ts';
import { Governor } from './governor.ts';
import { UsageMeters } from './usage.ts';

interface Seen {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** The items of a batch, decoded. */
  batch: { method: string; relative_url: string }[];
}

type Respond = (seen: Seen, response: ServerResponse) => void;

/** A local server in the place of Graph: it keeps what it was sent and answers as the test says. */
export async function graphFixture() {
  const seen: Seen[] = [];
  let respond: Respond = (_seen, response) => response.end('{}');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const batch = JSON.parse(new URLSearchParams(body).get('batch') ?? '[]') as Seen['batch'];
      const one = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
        batch,
      };
      seen.push(one);
      respond(one, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings: MetaSettings = {
    baseUrl,
    version: 'v26.0',
    token: 'EAAExampleToken123',
    appSecret: null,
    requestTimeoutMs: 300,
    requestsPerMinute: 10_000,
  };
  const plan: BatchPlan = { concurrency: 4, sleep: () => Promise.resolve(), random: () => 0 };
  const elapsed = () => performance.now();
  return {
    seen,
    settings,
    plan,
    answer(next: Respond) {
      respond = next;
    },
    /** Answers every batch item by its path. */
    answerItems(item: (relativeUrl: string) => unknown) {
      respond = ({ batch }, response) =>
        response.end(JSON.stringify(batch.map(({ relative_url }) => item(relative_url))));
    },
    client: (more: Partial<MetaSettings> = {}, meters = new UsageMeters()) =>
      metaClient({ ...settings, ...more }, meters, new Governor(() => 0), elapsed),
    source: (more: Partial<MetaSettings> = {}) => metaAccountSource({ ...settings, ...more }, plan, elapsed),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type GraphFixture = Awaited<ReturnType<typeof graphFixture>>;

/** A turn that nothing ends, at a fixed time. */
export const turnAt = (at: number, signal = new AbortController().signal) => ({ signal, now: () => at });

/** Nothing is wanted but what is named. */
export const nothingWanted = {
  ...{ today: false, ads: false, limit: false, details: false },
  ...{ closed: null, history: null, hours: null, activities: null },
};

export const ok = (body: unknown) => ({ code: 200, body: JSON.stringify(body) });
export const failed = (code: number, more: object = {}) => ({
  code: 400,
  body: JSON.stringify({ error: { message: 'text', code, ...more } }),
});
