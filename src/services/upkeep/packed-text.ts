import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Archive } from '../../ports/archive.ts';

/** Text as an object of gzip in the archive, written and read piece by piece. */

/** What an object was found to be; the hashes are SHA-256 in hex. */
export interface FoundText {
  /** Size of the object. */
  bytes: number;
  sha256: string;
  /** Of the text in it. */
  textSha256: string;
}

/** Writes the text; answers its SHA-256 (hex), which is not yet proof of what arrived. */
export async function sendPacked(
  archive: Archive,
  key: string,
  text: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const piece of text) {
      const bytes = Buffer.from(piece);
      hash.update(bytes);
      yield bytes;
    }
  }
  const gzip = createGzip();
  const feeding = pipeline(Readable.from(hashed()), gzip, { signal });
  try {
    await Promise.all([feeding, archive.put(key, gzip, signal)]);
  } finally {
    gzip.destroy();
    await feeding.catch(() => {});
  }
  return hash.digest('hex');
}

/** Reads an object to its end; `onText` gets the text on the way. Null when there is none; throws when it is no gzip. */
export async function readPacked(
  archive: Archive,
  key: string,
  signal: AbortSignal,
  onText: (piece: Buffer) => Promise<void> = async () => {},
): Promise<FoundText | null> {
  const source = await archive.get(key, signal);
  if (source === null) return null;
  const [objectHash, textHash] = [createHash('sha256'), createHash('sha256')];
  let bytes = 0;
  async function* raw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      objectHash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  await pipeline(raw(source), createGunzip(), async (text: AsyncIterable<Buffer>) => {
    for await (const piece of text) {
      textHash.update(piece);
      await onText(piece);
    }
  });
  return { bytes, sha256: objectHash.digest('hex'), textSha256: textHash.digest('hex') };
}
