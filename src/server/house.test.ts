import { afterEach, expect, test, vi } from 'vitest';
import { house } from './house.ts';

afterEach(() => vi.unstubAllEnvs());

test('where there is no disk, no key stops the start and is told how to make', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none');
  vi.stubEnv('ENCRYPTION_KEY', '');
  await expect(house()).rejects.toThrow(/ENCRYPTION_KEY is needed .*openssl rand -base64 32/);
});
