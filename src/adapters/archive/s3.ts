import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Shelf } from '../../ports/archive.ts';
import { isObjectKey, requireObjectKey } from './object-key.ts';

export interface S3Options {
  /** `https://endpoint/bucket/prefix`; the prefix may be absent. */
  url: string;
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  /** For one request with its answer's head. */
  requestTimeoutMs?: number;
  /** For the next bytes of an answer that is under way. */
  stallTimeoutMs?: number;
  /** Objects beyond this size go up in parts of it; S3 wants 5 MiB at least. */
  partBytes?: number;
}

interface Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  key: string;
  query?: Record<string, string>;
  body?: Buffer;
  signal: AbortSignal;
}

type Send = (request: Request) => Promise<Response>;

const tries = 3;

/** An archive in a bucket of any S3, addressed by path. Errors tell the status and S3's code, never an address or a key of ours. */
export function s3Archive(options: S3Options): Shelf {
  const { requestTimeoutMs = 60_000, stallTimeoutMs = 30_000, partBytes = 8 * 1024 * 1024 } = options;
  const { origin, bucket, prefix } = readAddress(options.url);
  const client = new AwsClient({
    accessKeyId: options.accessKeyId,
    secretAccessKey: options.secretAccessKey,
    region: options.region,
    service: 's3',
    retries: tries - 1,
    initRetryMs: 100,
  });

  const send: Send = async ({ method, key, query = {}, body, signal }) => {
    const url = new URL(`/${bucket}${key === '' ? '' : `/${prefix}${key}`}`, origin);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // Its time is up with the answer's head; the body may take longer.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), requestTimeoutMs);
    const headers = {
      'x-amz-content-sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
      ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    };
    try {
      return await client.fetch(url.href, {
        method,
        headers,
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, patience.signal]),
      });
    } catch (error) {
      signal.throwIfAborted();
      if (patience.signal.aborted) throw new Error(`S3 did not answer within ${requestTimeoutMs} ms.`);
      throw new Error(`S3 could not be reached (${networkCode(error)}).`);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    place: `${origin}/${bucket}/${prefix}`,
    async put(key, bytes, signal) {
      requireObjectKey(key);
      const parts = inParts(bytes, partBytes);
      const first = (await parts.next()).value ?? Buffer.alloc(0);
      const second = (await parts.next()).value;
      if (second === undefined) {
        await accepted(await send({ method: 'PUT', key, body: first, signal }), 'PUT');
        return;
      }
      await putInParts(send, key, both(first, second, parts), signal);
    },
    async get(key, signal) {
      requireObjectKey(key);
      const stalled = new AbortController();
      const response = await send({ method: 'GET', key, signal: AbortSignal.any([signal, stalled.signal]) });
      if (response.status === 404) {
        const code = await failureCode(response);
        if (code !== 'NoSuchBucket') return null;
        throw new Error('S3 answered 404 (NoSuchBucket) to GET.');
      }
      await accepted(response, 'GET', false);
      return watched(response, stalled, stallTimeoutMs);
    },
    async list(signal) {
      const objects: { key: string; bytes: number }[] = [];
      let token: string | undefined;
      do {
        const query = {
          'list-type': '2',
          prefix,
          ...(token === undefined ? {} : { 'continuation-token': token }),
        };
        const answer = await accepted(await send({ method: 'GET', key: '', query, signal }), 'list');
        for (const [, entry = ''] of answer.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const key = (tag(entry, 'Key') ?? '').slice(prefix.length);
          if (isObjectKey(key)) objects.push({ key, bytes: Number(tag(entry, 'Size')) });
        }
        token = tag(answer, 'IsTruncated') === 'true' ? tag(answer, 'NextContinuationToken') : undefined;
      } while (token !== undefined);
      return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    async remove(key, signal) {
      requireObjectKey(key);
      const response = await send({ method: 'DELETE', key, signal });
      if (response.status !== 404) await accepted(response, 'DELETE');
    },
  };
}

function readAddress(address: string): { origin: string; bucket: string; prefix: string } {
  const url = new URL(address);
  const [bucket, ...folders] = url.pathname.split('/').filter((part) => part !== '');
  if (bucket === undefined) throw new Error('The S3 address names no bucket.');
  return { origin: url.origin, bucket, prefix: folders.map((part) => `${part}/`).join('') };
}

function networkCode(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'connection broken';
}

/** The answer's text. Throws on any status but 2xx, and on an error that S3 sends under 200. */
async function accepted(response: Response, what: string, isText = true): Promise<string> {
  if (!response.ok)
    throw new Error(`S3 answered ${response.status} (${await failureCode(response)}) to ${what}.`);
  if (!isText) return '';
  const text = await response.text();
  if (/<Error>/.test(text))
    throw new Error(`S3 answered an error (${tag(text, 'Code') ?? 'no code'}) to ${what}.`);
  return text;
}

/** S3's own word for what is wrong. Its message is left out: some quote the request with the key in it. */
async function failureCode(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  return /^[A-Za-z]{1,60}$/.exec(tag(text, 'Code') ?? '')?.[0] ?? 'no code';
}

function tag(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}

/** Gathers bytes into buffers of `partBytes`; only the last is shorter. */
async function* inParts(
  bytes: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<Buffer, undefined> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    held.push(chunk);
    size += chunk.length;
    if (size < partBytes) continue;
    const gathered = Buffer.concat(held);
    let at = 0;
    for (; size - at >= partBytes; at += partBytes) yield gathered.subarray(at, at + partBytes);
    held = [gathered.subarray(at)];
    size -= at;
  }
  if (size > 0) yield Buffer.concat(held);
  return undefined;
}

async function* both(first: Buffer, second: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield second;
  yield* rest;
}

async function putInParts(
  send: Send,
  key: string,
  parts: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<void> {
  const begun = await accepted(await send({ method: 'POST', key, query: { uploads: '' }, signal }), 'POST');
  const uploadId = tag(begun, 'UploadId');
  if (uploadId === undefined) throw new Error('S3 began no upload.');
  try {
    let list = '';
    let partNumber = 0;
    for await (const body of parts) {
      partNumber += 1;
      const query = { partNumber: String(partNumber), uploadId };
      const response = await send({ method: 'PUT', key, query, body, signal });
      await accepted(response, 'PUT');
      const etag = response.headers.get('etag') ?? '';
      list += `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`;
    }
    const body = Buffer.from(`<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`);
    await accepted(await send({ method: 'POST', key, query: { uploadId }, body, signal }), 'POST');
  } catch (error) {
    // Parts without an end cost money and are nobody's object.
    await send({ method: 'DELETE', key, query: { uploadId }, signal: AbortSignal.timeout(5_000) }).catch(
      () => {},
    );
    throw error;
  }
}

/** The body, as long as it keeps coming; the time that its reader takes does not count. */
async function* watched(
  response: Response,
  stalled: AbortController,
  stallTimeoutMs: number,
): AsyncGenerator<Uint8Array> {
  const watch = () => setTimeout(() => stalled.abort(), stallTimeoutMs);
  let timer = watch();
  try {
    // The standard's stream can be iterated in Node; the DOM's types do not know it yet.
    const body = response.body as unknown as AsyncIterable<Uint8Array> | null;
    for await (const chunk of body ?? []) {
      clearTimeout(timer);
      yield chunk;
      timer = watch();
    }
  } catch (error) {
    if (stalled.signal.aborted) throw new Error(`S3 sent nothing for ${stallTimeoutMs} ms.`);
    if ((error as Error).name === 'AbortError') throw error;
    throw new Error(`S3 broke off its answer (${networkCode(error)}).`);
  } finally {
    clearTimeout(timer);
  }
}
