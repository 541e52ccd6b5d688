import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { s3Server } from '../../../tests/s3-server.ts';
import type { Shelf } from '../../ports/archive.ts';
import { s3Archive } from './s3.ts';

const { signal } = new AbortController();
const pieces = async function* (...parts: (string | Buffer)[]) {
  for (const part of parts) yield Buffer.from(part);
};

async function read(shelf: Shelf, key: string): Promise<Buffer | null> {
  const stream = await shelf.get(key, signal);
  if (stream === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('with a server that speaks S3', () => {
  let server: Awaited<ReturnType<typeof s3Server>>;
  beforeAll(async () => {
    server = await s3Server();
  });
  afterAll(() => server.close());

  test('puts, gets, replaces, lists and removes', async () => {
    const shelf = s3Archive(server.options);
    expect(shelf.place).toBe(server.options.url + '/');
    for (const key of ['days/2026/b.gz', 'days/a.json', 'c']) await shelf.put(key, pieces('old'), signal);
    await shelf.put('c', pieces('ne', 'w'), signal);
    expect(String(await read(shelf, 'c'))).toBe('new');
    expect(await shelf.list(signal)).toEqual([
      { key: 'c', bytes: 3 },
      { key: 'days/2026/b.gz', bytes: 3 },
      { key: 'days/a.json', bytes: 3 },
    ]);
    await shelf.remove('c', signal);
    await shelf.remove('c', signal);
    expect(await read(shelf, 'c')).toBeNull();
    await shelf.put('empty', pieces(), signal);
    expect(await read(shelf, 'empty')).toHaveLength(0);
  });

  test('a prefix holds no other prefix, and no prefix is the bucket', async () => {
    const bucket = s3Archive({ ...server.options, url: new URL('/days', server.options.url).href });
    const other = s3Archive({ ...server.options, url: new URL('/days/other', server.options.url).href });
    await other.put('x', pieces('1'), signal);
    expect(await other.list(signal)).toEqual([{ key: 'x', bytes: 1 }]);
    expect((await bucket.list(signal)).map(({ key }) => key)).toContain('other/x');
    expect(String(await read(bucket, 'other/x'))).toBe('1');
  });

  test('what is large goes up in parts, bit for bit', async () => {
    const shelf = s3Archive({ ...server.options, partBytes: 5 * 1024 * 1024 });
    const bytes = randomBytes(12 * 1024 * 1024 + 17);
    const chunks = Array.from({ length: 200 }, (_, n) => bytes.subarray(n * 65_536, (n + 1) * 65_536));
    await shelf.put('large', pieces(...chunks), signal);
    expect((await read(shelf, 'large'))?.equals(bytes)).toBe(true);
  });

  test('a wrong key and a missing bucket are told without a secret', async () => {
    const wrong = s3Archive({
      ...server.options,
      secretAccessKey: 'canary-secret',
      accessKeyId: 'canary-id',
    });
    await expect(wrong.put('a', pieces('x'), signal)).rejects.toThrow(
      'S3 answered 403 (InvalidAccessKeyId) to PUT.',
    );
    const nowhere = s3Archive({ ...server.options, url: new URL('/nowhere/x', server.options.url).href });
    await expect(nowhere.get('a', signal)).rejects.toThrow('NoSuchBucket');
    await expect(nowhere.put('a', pieces('x'), signal)).rejects.toThrow('NoSuchBucket');
  });

  test.each(['../a', '', 'a//b', '.a'])('refuses the key %j', async (key) => {
    const shelf = s3Archive(server.options);
    await expect(shelf.put(key, pieces('x'), signal)).rejects.toThrow('is no key');
    await expect(shelf.get(key, signal)).rejects.toThrow('is no key');
    await expect(shelf.remove(key, signal)).rejects.toThrow('is no key');
  });
});

describe('with a server that fails', () => {
  let server: Server | undefined;
  const seen: { method: string; url: string; bytes: number; sha256: string }[] = [];

  const patient = { requestTimeoutMs: 20_000, stallTimeoutMs: 20_000 };
  const impatient = { requestTimeoutMs: 300, stallTimeoutMs: 200 };

  async function faulty(
    answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
    patience = patient,
  ) {
    seen.length = 0;
    server = createServer((request, response) => {
      const hash = createHash('sha256');
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        hash.update(chunk);
      });
      request.on('end', () => {
        seen.push({
          method: request.method ?? '',
          url: request.url ?? '',
          bytes,
          sha256: hash.digest('hex'),
        });
        answer(request, response, seen.length);
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return s3Archive({
      url: `http://127.0.0.1:${port}/days`,
      accessKeyId: 'canary-id',
      secretAccessKey: 'canary-secret',
      region: 'eu-1',
      ...patience,
      partBytes: 4,
    });
  }

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function refusal(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => new Error('it was taken'),
      (reason: unknown) => reason as Error,
    );
    const told = `${String(error)} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause ?? '')}`;
    expect(told).not.toMatch(/canary|Signature=|Credential=/);
    return error.message;
  }

  test('a passing failure is tried again, a lasting one is told', async () => {
    const shelf = await faulty((_request, response, count) =>
      response.writeHead(count < 3 ? 503 : 200).end(),
    );
    await shelf.put('a', pieces('xyz'), signal);
    expect(seen.map(({ bytes }) => bytes)).toEqual([3, 3, 3]);
    server?.close();
    const dead = await faulty((_request, response) =>
      response.writeHead(500).end('<Error><Code>InternalError</Code><Message>canary-id</Message></Error>'),
    );
    expect(await refusal(dead.put('a', pieces('x'), signal))).toBe('S3 answered 500 (InternalError) to PUT.');
    expect(seen).toHaveLength(3);
  });

  test('lists page by page, only what can be a key of ours', async () => {
    const shelf = await faulty((request, response) => {
      const token = new URL(request.url ?? '', 'http://x').searchParams.get('continuation-token');
      const entry = (key: string) => `<Contents><Key>${key}</Key><Size>3</Size></Contents>`;
      response.end(
        token === null
          ? `<IsTruncated>true</IsTruncated><NextContinuationToken>t/+=</NextContinuationToken>${entry('b')}${entry('../x')}`
          : `<IsTruncated>false</IsTruncated>${entry(token === 't/+=' ? 'a' : 'wrong')}`,
      );
    });
    expect((await shelf.list(signal)).map(({ key }) => key)).toEqual(['a', 'b']);
  });

  test('every request is signed for S3, its body included', async () => {
    const wrong: string[] = [];
    const shelf = await faulty((request, response) => {
      const isOwnBody = request.headers['x-amz-content-sha256'] === seen.at(-1)?.sha256;
      if (!isOwnBody || !isSigned(request, 'canary-secret')) wrong.push(`${request.method} ${request.url}`);
      response.writeHead(200, { etag: 'e' }).end(request.method === 'POST' ? '<UploadId>u/1</UploadId>' : '');
    });
    await shelf.put('days/a.gz', pieces('123'), signal);
    await shelf.put('days/a.gz', pieces('12345'), signal);
    await read(shelf, 'days/a.gz');
    await shelf.list(signal);
    await shelf.remove('days/a.gz', signal);
    expect(seen).toHaveLength(8);
    expect(wrong).toEqual([]);
  });

  test('a redirect is not followed', async () => {
    const shelf = await faulty((_request, response) =>
      response.writeHead(301, { location: '/days/b' }).end(),
    );
    expect(await refusal(shelf.get('a', signal))).toBe('S3 answered 301 (no code) to GET.');
    expect(seen).toHaveLength(1);
  });

  test('an error under 200 is an error', async () => {
    const shelf = await faulty((request, response) =>
      response
        .writeHead(200, { etag: '"e"' })
        .end(
          request.method !== 'POST'
            ? ''
            : request.url?.includes('uploads') === true
              ? '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>'
              : '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>',
        ),
    );
    expect(await refusal(shelf.put('a', pieces('12345'), signal))).toContain('an error (InternalError)');
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE', url: '/days/a?uploadId=u1' });
  });

  test('a part that is refused ends the upload, which is called off', async () => {
    const shelf = await faulty((request, response) => {
      if (request.method === 'POST') return response.end('<UploadId>u1</UploadId>');
      return response
        .writeHead(request.url?.includes('partNumber=2') === true ? 403 : 200, { etag: 'e' })
        .end();
    });
    expect(await refusal(shelf.put('a', pieces('1234', '5678', '9'), signal))).toContain('403');
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'DELETE']);
  });

  test('silence ends by the time-outs', async () => {
    const shelf = await faulty(() => {}, impatient);
    expect(await refusal(shelf.put('a', pieces('x'), signal))).toBe('S3 did not answer within 300 ms.');
    const slow = await faulty(
      (_request, response) => void response.writeHead(200, { 'content-length': 9 }).write('abc'),
      impatient,
    );
    expect(await refusal(read(slow, 'a'))).toBe('S3 sent nothing for 200 ms.');
  });

  test('a slow reader is not taken for a silent server', async () => {
    const shelf = await faulty((_request, response) => response.end(randomBytes(4_000_000)), impatient);
    let bytes = 0;
    for await (const chunk of (await shelf.get('a', signal)) ?? []) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 400));
      bytes += chunk.length;
    }
    expect(bytes).toBe(4_000_000);
  });

  test('a connection that breaks is told, before and within the answer', async () => {
    const shelf = await faulty((request) => request.socket.destroy());
    expect(await refusal(shelf.put('a', pieces('x'), signal))).toMatch(/^S3 could not be reached/);
    const cut = await faulty((request, response) => {
      response.writeHead(200, { 'content-length': 9 }).write('abc', () => request.socket.destroy());
    });
    expect(await refusal(read(cut, 'a'))).toMatch(/^S3 broke off its answer/);
    const port = server === undefined ? 0 : (server.address() as AddressInfo).port;
    const gone = s3Archive({
      url: `http://127.0.0.1:${port}/days`,
      accessKeyId: 'canary-id',
      secretAccessKey: 'k',
      region: 'r',
    });
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    expect(await refusal(gone.get('a', signal))).toBe('S3 could not be reached (ECONNREFUSED).');
  });

  test('an abort ends it at once', async () => {
    const shelf = await faulty(() => {}, impatient);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopping')), 20);
    expect(await refusal(shelf.put('a', pieces('x'), stop.signal))).toBe('stopping');
  });
});

/** Signature version 4, written from its description: what a server of the vendor computes. */
function isSigned(request: IncomingMessage, secret: string): boolean {
  const [, scope = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=canary-id\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const url = new URL(request.url ?? '', 'http://x');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  const headers = names.split(';').map((name) => `${name}:${String(request.headers[name])}\n`);
  const bodyHash = String(request.headers['x-amz-content-sha256']);
  const canonical = [request.method, url.pathname, query.join('&'), headers.join(''), names, bodyHash].join(
    '\n',
  );
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, digest].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((k, part) => createHmac('sha256', k).update(part).digest(), `AWS4${secret}`);
  const isDated = scope.endsWith('/eu-1/s3/aws4_request') && /^[0-9a-f]{64}$/.test(bodyHash);
  return isDated && createHmac('sha256', key).update(text).digest('hex') === signature;
}
