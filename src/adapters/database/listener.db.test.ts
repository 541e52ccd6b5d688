import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await testDatabase('template0');
});
afterAll(() => fixture.drop());

async function notify(channel: string, payload: string): Promise<void> {
  await fixture.database.sql`select pg_notify(${channel}, ${payload})`;
}

async function cutListeners(application: string): Promise<number> {
  const [row] = await fixture.database.sql<{ cut: number }>`
    select count(pg_terminate_backend(pid)) as cut from pg_stat_activity
    where application_name = ${application} and query ilike '%listen%'`;
  return row!.cut;
}

it('hears each channel for itself until it is left', async () => {
  const database = fixture.connect();
  const heard: string[] = [];
  const leaveOne = await database.listen(
    'one',
    (payload) => heard.push(`1 ${payload}`),
    () => {},
  );
  await database.listen(
    'Two "quoted"',
    (payload) => heard.push(`2 ${payload}`),
    () => {},
  );
  await notify('one', 'a');
  await notify('Two "quoted"', 'b');
  await vi.waitFor(() => expect(heard).toEqual(['1 a', '2 b']));
  await leaveOne();
  await notify('one', 'c');
  await notify('Two "quoted"', 'd');
  await vi.waitFor(() => expect(heard).toEqual(['1 a', '2 b', '2 d']));
});

it('tells the gap after its connection was cut, and hears again, each time', async () => {
  const database = fixture.connect({ applicationName: 'listener to cut' });
  const heard: string[] = [];
  const onGap = vi.fn();
  await database.listen('cut', (payload) => heard.push(payload), onGap);
  for (const round of [1, 2]) {
    expect(await cutListeners('listener to cut')).toBe(1);
    await vi.waitFor(() => expect(onGap).toHaveBeenCalledTimes(round), { timeout: 5_000 });
    await notify('cut', `round ${round}`);
    await vi.waitFor(() => expect(heard).toHaveLength(round));
  }
  expect(heard).toEqual(['round 1', 'round 2']);
});

it('keeps trying while the database refuses', async () => {
  const database = fixture.connect({ applicationName: 'listener to refuse' });
  const onGap = vi.fn();
  await database.listen('refused', () => {}, onGap);
  const other = await testDatabase('template0');
  const name = fixture.target.database;
  try {
    await other.database.script(`alter database ${name} allow_connections false`);
    await other.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'listener to refuse'`;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(onGap).not.toHaveBeenCalled();
  } finally {
    await other.database.script(`alter database ${name} allow_connections true`);
  }
  await vi.waitFor(() => expect(onGap).toHaveBeenCalledTimes(1), { timeout: 5_000 });
  await other.drop();
});

it('survives a listener that throws', async () => {
  const error = vi.fn();
  const database = fixture.connect({ log: { info: () => {}, warn: () => {}, error } });
  const heard: string[] = [];
  await database.listen(
    'throws',
    () => {
      throw new Error('mine');
    },
    () => {},
  );
  await database.listen(
    'throws',
    (payload) => heard.push(payload),
    () => {},
  );
  await notify('throws', 'x');
  await vi.waitFor(() => expect(heard).toEqual(['x']));
  expect(error).toHaveBeenCalledOnce();
});

it('says at once when it cannot listen, and refuses after the close', async () => {
  const database = fixture.connect();
  await database.close();
  await expect(
    database.listen(
      'late',
      () => {},
      () => {},
    ),
  ).rejects.toThrow('closed');
  await expect(database.sql`select 1`).rejects.toThrow('closed');
});
