import { afterAll, beforeAll, expect, it } from 'vitest';
import { flowHouse, type FlowHouse } from '../../../tests/flow-house.ts';
import { collectingAnswer } from '../../contract/collecting.ts';
import { runMetrics, runStatus } from '../../server/triggers.ts';
import { stranger, viewer } from '../accounts/fleet.fixture.ts';
import { readCollecting } from './read-collecting.ts';

let flow: FlowHouse;
beforeAll(async () => {
  flow = await flowHouse({ startAt: Date.parse('2026-11-23T15:00:07Z') });
});
afterAll(() => flow.close());

const read = async () => collectingAnswer.parse(await readCollecting(flow.deps, viewer)).data;

it('knows nothing before the first cycle, and says so', async () => {
  expect(await read()).toMatchObject({
    connections: [{ name: 'simulation', found: 0, monitored: 0, token_expires_at: null }],
    cycles: { status: null, metrics: null },
    detection: { changes: 0, p50_seconds: null },
    accuracy: [],
  });
});

it('tells coverage, cycles and how long a change took to be seen', async () => {
  await runStatus(flow.deps);
  await runMetrics(flow.deps);
  await flow.scenario({ kind: 'suspend_one' });
  await flow.advance(60_000);
  await runStatus(flow.deps);
  const data = await read();
  expect(data.connections).toMatchObject([{ state: 'ok', found: 30, readable: 30, monitored: 30 }]);
  expect(data.cycles.status).toMatchObject({ attempted: 30, succeeded: 30, held: 0, is_degraded: false });
  expect(data.cycles.metrics?.counted_calls).toBeGreaterThan(30);
  expect(data.detection.changes).toBe(1);
  // The ban came right after the first sweep, and was seen by the second.
  expect(data.detection.p50_seconds).toBeGreaterThan(50);
  expect(data.detection.p95_seconds).toBeLessThanOrEqual(60);
});

it('refuses a role that the table does not know', async () => {
  await expect(readCollecting(flow.deps, stranger)).rejects.toMatchObject({ refusal: 'forbidden' });
});
