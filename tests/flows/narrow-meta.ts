import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a narrow Meta refuses: stretches of more days than these. */
export interface Narrowness {
  days: number;
  hourlyDays: number;
}

/** The simulated Meta behind a gate that calls long stretches too much data, in both of Meta's ways. */
export interface NarrowMeta {
  url: string;
  narrowness: Narrowness;
  /** Stretches of days that were asked for, and those that were refused as too long. */
  asked: number;
  refused: number;
  /** Called before an answer with stretches in it is sent on. */
  onStretch: (() => void) | null;
  close(): Promise<void>;
}

const errors = [
  { message: 'Too much data was requested', code: 100, error_subcode: 1_487_534 },
  { message: "Please reduce the amount of data you're asking for, then retry your request", code: 1 },
];

export async function narrowMeta(graphUrl: string): Promise<NarrowMeta> {
  const server = createServer((request, response) => {
    void forward(request).then(({ status, text }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(text),
    );
  });

  async function forward(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { authorization } = request.headers;
    const sent = await fetch(`${graphUrl}${request.url ?? ''}`, {
      method: request.method ?? 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === '' ? {} : { body }),
    });
    const text = await sent.text();
    const batch = new URLSearchParams(body).get('batch');
    if (batch === null) return { status: sent.status, text };
    const items = JSON.parse(batch) as { relative_url: string }[];
    const answers = JSON.parse(text) as object[];
    const narrowed = answers.map((answer, n) => refusal(items[n]?.relative_url ?? '') ?? answer);
    if (items.some(({ relative_url }) => stretchOf(relative_url) !== null)) meta.onStretch?.();
    return { status: sent.status, text: JSON.stringify(narrowed) };
  }

  function refusal(relativeUrl: string): object | null {
    const days = stretchOf(relativeUrl);
    if (days === null) return null;
    meta.asked += 1;
    const most = relativeUrl.includes('breakdowns') ? meta.narrowness.hourlyDays : meta.narrowness.days;
    if (days <= most) return null;
    meta.refused += 1;
    return { code: 400, body: JSON.stringify({ error: errors[meta.refused % errors.length] }) };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const meta: NarrowMeta = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    narrowness: { days: Infinity, hourlyDays: Infinity },
    ...{ asked: 0, refused: 0, onStretch: null },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return meta;
}

/** How many days a question is about; null when it names no stretch. */
function stretchOf(relativeUrl: string): number | null {
  const range = new URL(relativeUrl, 'http://graph').searchParams.get('time_range');
  if (range === null) return null;
  const { since, until } = JSON.parse(range) as { since: string; until: string };
  return Math.round((Date.parse(until) - Date.parse(since)) / 86_400_000) + 1;
}
