/** The batch: up to fifty calls in one request, each answered and counted on its own. */
import { answerCall } from './answer-call.ts';
import { refuseThrottledApp, shownPercent } from './access.ts';
import { splitPath, type Answer, type Call } from './call.ts';
import { badParameter, errorBody, GraphError } from './errors.ts';
import { failedItem, type ItemFault } from './faults.ts';
import { checkToken } from './tokens.ts';
import { versionHeaders } from './versions.ts';

const MAX_ITEMS = 50;

interface BatchItem {
  readonly method: string;
  readonly relativeUrl: string;
  readonly body: string;
}

interface BatchAnswer extends Answer {
  /** Items that were asked for; 0 when the batch was refused as a whole. */
  readonly items: number;
}

/** Answers a batch; `call` is the request around it, `faultAt` says which items fail by themselves. */
export function answerBatch(call: Call, faultAt: (item: number) => ItemFault | undefined): BatchAnswer {
  try {
    const headers = versionHeaders(call.version);
    checkToken(call);
    refuseThrottledApp(call, false);
    const items = parseBatch(call.params.get('batch') ?? '');
    const hasHeaders = call.params.get('include_headers') !== 'false';
    const body = items.map((item, position) => {
      const fault = faultAt(position);
      return fault ? failedItem(call.simulation, fault) : itemBody(call, item, hasHeaders);
    });
    return {
      status: 200,
      body,
      headers: {
        ...headers,
        ...call.simulation.usage.platformHeaders(call.nowMs, shownPercent(call, 'app')),
      },
      items: items.length,
    };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    call.simulation.log.countError(error.fields.code);
    return {
      status: error.fields.status,
      body: errorBody(error),
      headers: { ...error.fields.headers },
      items: 0,
    };
  }
}

function itemBody(call: Call, item: BatchItem, hasHeaders: boolean): object {
  const answer = answerItem(call, item);
  const headers = Object.entries({ 'Content-Type': 'application/json', ...answer.headers });
  return {
    code: answer.status,
    ...(hasHeaders ? { headers: headers.map(([name, value]) => ({ name, value })) } : {}),
    body: JSON.stringify(answer.body),
  };
}

function answerItem(call: Call, item: BatchItem): Answer {
  const url = new URL(`/${item.relativeUrl.replace(/^\/+/, '')}`, 'http://item');
  const params = new URLSearchParams([...url.searchParams, ...new URLSearchParams(item.body)]);
  const proof = call.params.get('appsecret_proof');
  // A token of the item's own comes with a proof of its own; the outer proof belongs to the outer token.
  if (!params.has('access_token') && proof !== null) params.set('appsecret_proof', proof);
  const token = params.get('access_token') ?? call.token;
  params.delete('access_token');
  return answerCall({ ...call, ...splitPath(url.pathname), method: item.method, params, token });
}

/** How many items a batch asks for, whatever becomes of them; 0 when it is none. */
export function countItems(text: string): number {
  try {
    return parseBatch(text).length;
  } catch (error) {
    if (error instanceof GraphError) return 0;
    throw error;
  }
}

function parseBatch(text: string): BatchItem[] {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    items = undefined;
  }
  if (!Array.isArray(items) || items.length === 0)
    throw badParameter('The batch parameter must be a JSON array of requests');
  if (items.length > MAX_ITEMS) {
    throw badParameter(`Too many requests in batch message. Maximum batch size is ${MAX_ITEMS}`);
  }
  return items.map(parseItem);
}

function parseItem(item: unknown): BatchItem {
  if (
    typeof item !== 'object' ||
    item === null ||
    !('relative_url' in item) ||
    typeof item.relative_url !== 'string'
  ) {
    throw badParameter('Each request of a batch needs a method and a relative_url');
  }
  const method = 'method' in item ? String(item.method).toUpperCase() : 'GET';
  return { method, relativeUrl: item.relative_url, body: 'body' in item ? String(item.body) : '' };
}
