/** The HTTP server: the control API under /__sim, the Graph API everywhere else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerControl } from './control/control.ts';
import { answerBatch } from './graph/batch.ts';
import { answerCall } from './graph/answer-call.ts';
import { splitPath, type Answer, type Call } from './graph/call.ts';
import { outageFor, type Outage } from './graph/outage.ts';
import { parameters, readText, takeToken } from './read-body.ts';
import { withoutSecrets } from './request-log.ts';
import type { Simulation } from './simulation.ts';

/** A server that is not listening yet. */
export function createSimulatorServer(simulation: Simulation): Server {
  const server = createServer((request, response) => {
    handle(simulation, request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end('The simulator failed');
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

async function handle(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', origin);
  const method = request.method ?? 'GET';
  const text = await readText(request);
  if (url.pathname === '/__sim' || url.pathname.startsWith('/__sim/')) {
    const { status, body } = answerControl(simulation, method, url, text);
    write(response, status, {}, JSON.stringify(body));
    return;
  }
  const nowMs = simulation.clock.now();
  const params = parameters(url.searchParams, request.headers['content-type'] ?? '', text);
  const token = takeToken(params, request.headers.authorization);
  const call: Call = { simulation, nowMs, method, ...splitPath(url.pathname), params, token, origin };
  const isBatch = method === 'POST' && call.path.length === 0 && params.has('batch');
  const outage = outageFor(simulation, nowMs, simulation.log.totals.requests + 1);
  const { answer, items } = settle(call, isBatch, outage);
  simulation.log.add({
    at: new Date(nowMs).toISOString(),
    method,
    path: withoutSecrets(url),
    status: answer?.status ?? 0,
    items,
    calls: Math.max(1, items),
  });
  await delay(simulation, isBatch, nowMs);
  if (answer) send(response, answer, outage);
}

interface Settled {
  /** undefined = the request is left hanging. */
  readonly answer: Answer | undefined;
  readonly items: number;
}

function settle(call: Call, isBatch: boolean, outage: Outage | undefined): Settled {
  if (outage?.kind === 'hang') return { answer: undefined, items: 0 };
  if (outage?.kind === 'answer')
    return { answer: { status: outage.status, body: undefined, headers: {} }, items: 0 };
  if (!isBatch) return { answer: answerCall(call), items: 0 };
  const batch = answerBatch(call, (item) => outage?.kind === 'null_items' && item % 3 === 1);
  return { answer: batch, items: batch.items };
}

async function delay(
  { book, batchMs, singleMs }: Simulation,
  isBatch: boolean,
  nowMs: number,
): Promise<void> {
  const added = book.holding(nowMs).find((entry) => entry.kind === 'delay')?.ms ?? 0;
  const ms = added + (isBatch ? batchMs : singleMs);
  if (ms > 0) await wait(ms);
}

function send(response: ServerResponse, answer: Answer, outage: Outage | undefined): void {
  if (outage?.kind === 'answer') {
    write(response, outage.status, { 'Content-Type': outage.type }, outage.text);
    return;
  }
  const text = JSON.stringify(answer.body);
  write(
    response,
    answer.status,
    answer.headers,
    outage?.kind === 'truncate' ? text.slice(0, text.length / 2) : text,
  );
}

function write(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=UTF-8',
    ...headers,
    'Content-Length': body.length,
  });
  response.end(body);
}
