// Requests to addresses that were typed into the product. None may reach what only this machine can reach:
// https and public addresses only, and the address that was checked is the one that is called.
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import ipaddr from 'ipaddr.js';
import { refusedAddress, type Fetch } from './http.ts';

export interface GuardOptions {
  /** Every address and plain http: for tests and for operators who name a gateway of their own. */
  allowPrivate?: boolean;
  /** All addresses of a name; asked once per request. The system's own unless given. */
  resolve?: (hostname: string) => Promise<string[]>;
}

const longestMs = 10_000;
const ports = ['', '443', '8443'];
const innerNames = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$/;

/** What is wrong with an address by its look, in words that complete "url …"; null when it may be tried. */
export function problemOfAddress(text: string, { allowPrivate = false }: GuardOptions = {}): string | null {
  if (!URL.canParse(text)) return 'must be an https address';
  const { protocol, username, password, port, hostname } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold a user name or a password';
  if (allowPrivate) return /^https?:$/.test(protocol) ? null : 'must be an http or https address';
  if (protocol !== 'https:') return 'must be an https address';
  if (!ports.includes(port)) return 'must use port 443 or 8443';
  const name = hostname.replace(/\.$/, '');
  const isAddress = ipaddr.isValid(bare(name));
  if (isAddress ? !isPublic(bare(name)) : !name.includes('.') || innerNames.test(name))
    return 'must lead to a public address';
  return null;
}

/** A `fetch` for such addresses. Rejects with the code `refusedAddress` before any connection. */
export function guardedFetch(options: GuardOptions = {}): Fetch {
  const { allowPrivate = false, resolve = resolveAll } = options;
  return async (url, init) => {
    if (problemOfAddress(url.href, options) !== null) throw new AddressRefused();
    const signal = AbortSignal.any([AbortSignal.timeout(longestMs), ...(init.signal ? [init.signal] : [])]);
    const host = bare(url.hostname);
    const addresses = ipaddr.isValid(host) ? [host] : await unlessAborted(resolve(host), signal);
    // One inner address among public ones is enough to refuse: which of them is called is not ours to choose.
    if (addresses.length === 0 || !(allowPrivate || addresses.every(isPublic))) throw new AddressRefused();
    return exchangeWith(url, init, addresses, signal);
  };
}

/** An address that must not be called; says nothing about it. */
class AddressRefused extends Error {
  readonly code = refusedAddress;
  constructor() {
    super('The address is not public.');
  }
}

/** Whether anybody may be reached there: globally routed, and no way to embed an address that is not. */
function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  // Azure answers with its metadata and credentials at a public address, to its own machines only.
  if (text === '168.63.129.16' || address.range() !== 'unicast') return false;
  if (!(address instanceof ipaddr.IPv6)) return true;
  // Only 2000::/3 is given out (https://www.iana.org/assignments/ipv6-address-space). ISATAP and the
  // IPv4-compatible form of it carry an IPv4 address in their last half (RFC 5214).
  const [first = 0, , , , fifth = 0, sixth] = address.parts;
  return first >> 13 === 1 && !(sixth === 0x5efe && (fifth & 0xfdff) === 0);
}

/** A host without the brackets of an IPv6 address. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

async function resolveAll(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

/** The system's look-up cannot be stopped, only left. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const unresolved = Object.assign(new Error('The name was not resolved in time.'), { code: 'EAI_AGAIN' });
  if (signal.aborted) throw unresolved;
  let leave = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => reject(unresolved);
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function exchangeWith(
  url: URL,
  init: RequestInit,
  addresses: string[],
  signal: AbortSignal,
): Promise<Response> {
  const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const pinned: LookupFunction = (_hostname, { all }, callback) => {
    const [first] = known;
    if (all === true) callback(null, known);
    else callback(null, first?.address ?? '', first?.family);
  };
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      lookup: pinned,
      agent: false,
      signal,
    });
    request.on('error', reject);
    request.on('response', (message) => {
      try {
        resolve(responseOf(message));
      } catch (error) {
        message.destroy();
        reject(error instanceof Error ? error : new Error('unreadable answer'));
      }
    });
    const { body } = init;
    request.end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined);
  });
}

/** Throws on a status that is none. */
function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 0 } = message;
  const hasBody = ![204, 205, 304].includes(status);
  if (!hasBody) message.resume();
  const headers = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const body = hasBody ? (Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>) : null;
  return new Response(body, { status, headers });
}
