/** Faults by rate, seen by a client with little patience. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type BatchItemAnswer, type TestSimulator } from '../test-simulator.ts';

let meta: TestSimulator;
beforeEach(async () => {
  meta = await startSimulator();
});
afterEach(() => meta.close());

async function begin(body: object): Promise<void> {
  expect((await meta.control('POST', '/scenarios', body)).status).toBe(200);
}

/** How one request ends: its status, `cut` for half an answer, `hung` for none. */
async function outcome(token = 'EAATest'): Promise<number | 'cut' | 'hung'> {
  let hasAnswer = false;
  try {
    const response = await fetch(`${meta.url}/v26.0/me`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60),
    });
    hasAnswer = true;
    const text = await response.text();
    if (response.status === 200) JSON.parse(text);
    return response.status;
  } catch {
    return hasAnswer ? 'cut' : 'hung';
  }
}

async function outcomes(count: number, token?: string): Promise<(number | 'cut' | 'hung')[]> {
  const found: (number | 'cut' | 'hung')[] = [];
  for (let number = 0; number < count; number++) found.push(await outcome(token));
  return found;
}

const share = (found: readonly unknown[], ...wanted: unknown[]): number =>
  found.filter((one) => wanted.includes(one)).length / found.length;

describe('faults', () => {
  it('meet about their share of the requests, the same ones in every run', async () => {
    const rates = { kind: 'faults', error_rate: 0.3, timeout_rate: 0.05, half_open_rate: 0.05 };
    await begin(rates);
    const found = await outcomes(200);
    expect(share(found, 'hung')).toBeGreaterThan(0.01);
    expect(share(found, 'hung')).toBeLessThan(0.1);
    expect(share(found, 500, 502, 503, 'cut')).toBeGreaterThan(0.22);
    expect(share(found, 500, 502, 503, 'cut')).toBeLessThan(0.42);
    for (const status of [500, 502, 503, 'cut'] as const) expect(found).toContain(status);
    const first = found.slice(0, 40);
    await meta.close();
    meta = await startSimulator();
    await begin(rates);
    expect(await outcomes(40)).toEqual(first);
    await meta.close();
    meta = await startSimulator();
    await begin({ ...rates, seed: 99 });
    expect(await outcomes(40)).not.toEqual(first);
  }, 30_000);

  it('cut the connection half way, by a reset or by silence', async () => {
    await begin({ kind: 'faults', half_open_rate: 1 });
    const reasons = new Set<string>();
    for (let number = 0; number < 12; number++) {
      const response = await fetch(`${meta.url}/v26.0/me/adaccounts?limit=100&access_token=EAA`, {
        signal: AbortSignal.timeout(150),
      });
      const reader = response.body!.getReader();
      let bytes = 0;
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          bytes += value.length;
        }
      } catch (error) {
        reasons.add((error as Error).name === 'TimeoutError' ? 'silence' : 'reset');
      }
      const promised = Number(response.headers.get('content-length'));
      expect(bytes).toBeLessThanOrEqual(Math.ceil(promised / 2));
    }
    expect([...reasons].sort()).toEqual(['reset', 'silence']);
  });

  it('meet one token and leave the others alone', async () => {
    await begin({ kind: 'faults', error_rate: 1, token: 'sim-1-of-2' });
    expect(share(await outcomes(8, 'sim-1-of-2'), 200)).toBe(0);
    expect(share(await outcomes(8, 'sim-2-of-2'), 200)).toBe(1);
    await begin({ kind: 'outage', mode: 'code2', token: 'sim-2-of-2' });
    expect(await outcome('sim-2-of-2')).toBe(500);
    expect(await outcome('simulation')).toBe(200);
  });

  it('meet items of a batch by themselves', async () => {
    await begin({ kind: 'faults', item_error_rate: 0.3 });
    const { status, text } = await meta.batch(Array<string>(50).fill('v26.0/me'));
    expect(status).toBe(200);
    const items = JSON.parse(text) as (BatchItemAnswer | null)[];
    const kinds = items.map((item) => {
      if (item === null) return 'null';
      if (item.code === 200) return 'fine';
      return (JSON.parse(item.body) as { error: { code: number } }).error.code;
    });
    expect(new Set(kinds)).toEqual(new Set(['fine', 'null', 1, 2]));
    expect(share(kinds, 'fine')).toBeGreaterThan(0.5);
    const { json } = await meta.control('GET', '/stats');
    expect(json['by_fault']).toEqual({ item: kinds.filter((kind) => kind !== 'fine').length });
  });

  it('count what was asked for, also when no answer was sent', async () => {
    await begin({ kind: 'faults', timeout_rate: 1 });
    const batch = JSON.stringify([1, 2, 3].map(() => ({ method: 'GET', relative_url: 'v26.0/me' })));
    const body = new URLSearchParams({ access_token: 'EAATest', batch });
    const asked = fetch(`${meta.url}/v26.0/`, { method: 'POST', body, signal: AbortSignal.timeout(60) });
    await expect(asked).rejects.toThrow(/timeout/i);
    await begin({ kind: 'back_to_normal' });
    await begin({ kind: 'faults', error_rate: 1 });
    await meta.batch(['v26.0/me', 'v26.0/me']);
    const { json } = await meta.control('GET', '/requests');
    const logged = Object.values(json['requests'] ?? {});
    expect(logged.map((one) => one['calls'])).toEqual([3, 2]);
    expect(logged[0]).toMatchObject({ status: 0, fault: 'hang' });
  });

  it.each([[{ error_rate: 1.1 }], [{ timeout_rate: 'often' }], [{ token: 7 }]])('refuse %j', async (body) => {
    expect((await meta.control('POST', '/scenarios', { kind: 'faults', ...body })).status).toBe(400);
  });
});
