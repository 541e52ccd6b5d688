import { afterAll, beforeAll, expect, it } from 'vitest';
import { flowHouse, type FlowHouse } from '../../../tests/flow-house.ts';
import { runStatus } from '../../server/triggers.ts';
import { readNow } from './read-now.ts';

let flow: FlowHouse;
beforeAll(async () => {
  flow = await flowHouse({ startAt: Date.parse('2026-11-23T15:00:07Z') });
  await runStatus(flow.deps);
});
afterAll(() => flow.close());

it('a hint brings the ban between two sweeps, once', async () => {
  const [banned] = (await flow.scenario({ kind: 'suspend_one' })) as `act_${string}`[];
  await flow.advance(5_000);
  await readNow(flow.deps, [banned!, 'act_404404404']);
  const { sql } = flow.database.database;
  const changes = () => sql`
    select t.to_code from transitions t join accounts a on a.no = t.account_no
    where a.account_id = ${banned!} and t.kind = 'status_changed'`;
  expect(await changes()).toEqual([{ to_code: 2 }]);
  // Meta's log told when it happened.
  const [told] = await sql<{ occurred_at: number; detected_at: number }>`
    select occurred_at, detected_at from transitions where kind = 'status_changed'`;
  expect(told!.detected_at - told!.occurred_at).toBeGreaterThanOrEqual(5_000);
  await flow.advance(60_000);
  await runStatus(flow.deps);
  expect(await changes()).toEqual([{ to_code: 2 }]);
});

it('an answer that comes later than a newer reading changes nothing', async () => {
  const { sql } = flow.database.database;
  const [before] = await sql<{ at: number }>`select max(observed_at) as at from latest`;
  await sql`update latest set observed_at = ${before!.at + 20_000}`;
  await flow.scenario({ kind: 'suspend_one' });
  const [account] = await sql<{
    id: `act_${string}`;
  }>`select account_id as id from accounts order by no limit 1`;
  await readNow(flow.deps, [account!.id]);
  expect(await sql`select count(*) from latest where observed_at = ${before!.at + 20_000}`).toEqual([
    { count: 30 },
  ]);
});
