/** The HTTP server: the control API under /__sim, the Graph API everywhere else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerControl } from './control/control.ts';
import { answerBatch, countItems } from './graph/batch.ts';
import { answerCall } from './graph/answer-call.ts';
import { splitPath, type Answer, type Call } from './graph/call.ts';
import { faultFor, itemFaultFor, type Fault } from './graph/faults.ts';
import { parameters, readText, takeToken } from './read-body.ts';
import { withoutSecrets } from './request-log.ts';
import type { Simulation } from './simulation.ts';
import { tokenMark } from './token-hash.ts';

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
  const number = simulation.log.last() + 1;
  const fault = faultFor(simulation, nowMs, token, number);
  const { answer, items } = settle(call, isBatch, fault, number);
  simulation.log.add({
    at: new Date(nowMs).toISOString(),
    method,
    path: withoutSecrets(url),
    token: tokenMark(token),
    status: fault?.kind === 'hang' ? 0 : answer.status,
    fault: fault?.kind ?? null,
    items,
    calls: Math.max(1, items),
  });
  await delay(simulation, isBatch, nowMs);
  send(response, answer, fault);
}

interface Settled {
  readonly answer: Answer;
  readonly items: number;
}

/** The answer that is due, and the items that were asked for; only what Meta's front refuses is not carried out. */
function settle(call: Call, isBatch: boolean, fault: Fault | undefined, number: number): Settled {
  const { simulation, nowMs, token } = call;
  if (fault?.kind === 'answer') {
    const items = isBatch ? countItems(call.params.get('batch') ?? '') : 0;
    return { answer: { status: fault.status, body: undefined, headers: {} }, items };
  }
  if (!isBatch) return { answer: answerCall(call), items: 0 };
  const batch = answerBatch(call, (item) =>
    fault?.kind === 'null_items' && item % 3 === 1
      ? 'null'
      : itemFaultFor(simulation, nowMs, token, number, item),
  );
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

function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'answer') {
    write(response, fault.status, { 'Content-Type': fault.type }, fault.text);
    return;
  }
  const text = JSON.stringify(answer.body);
  if (fault?.kind === 'half_open') {
    writeHalf(response, answer, text, fault.isReset);
    return;
  }
  const sent = fault?.kind === 'truncate' ? text.slice(0, text.length / 2) : text;
  write(response, answer.status, answer.headers, sent);
}

/** Half of the promised bytes; the rest never comes, and the connection is reset or left to the client's patience. */
function writeHalf(response: ServerResponse, answer: Answer, text: string, isReset: boolean): void {
  const body = Buffer.from(text);
  response.writeHead(answer.status, {
    'Content-Type': 'application/json; charset=UTF-8',
    ...answer.headers,
    'Content-Length': body.length,
  });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => {
    if (isReset) response.socket?.resetAndDestroy();
  });
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
