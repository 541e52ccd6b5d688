import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from 's3rver';
import type { S3Options } from '../src/adapters/archive/s3.ts';

/** A real S3-speaking server on this machine, with one empty bucket. */
export async function s3Server(): Promise<{ options: S3Options; close(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'arbhub-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'days', configs: [] }],
  });
  const { port } = await server.run();
  return {
    options: {
      url: `http://127.0.0.1:${port}/days/our/prefix`,
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      region: 'us-east-1',
    },
    async close() {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
