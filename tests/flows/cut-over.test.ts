import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diskArchive } from '../../src/adapters/archive/disk.ts';
import { commands } from '../../src/server/commands.ts';
import type { Deps } from '../../src/server/house.ts';
import { nothingKept } from '../../src/server/keeping.ts';
import { readFigures, runDaily, runStatus } from '../../src/server/triggers.ts';
import { accountTables, alertTables } from '../../src/store/simulation-end.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { graphHouse, hourMs, minuteMs, type GraphHouse } from '../graph-house.ts';

/** From the simulated Meta to a real one: the gates, the comparison, and the end of the simulation. */

const dayMs = 24 * hourMs;
const tool = (deps: Deps, name: string, options = {}) =>
  commands[name]!.run(deps, { words: [], options, readInput: async () => '' });

describe('preflight', () => {
  let house: GraphHouse;
  beforeAll(async () => {
    // A Meta of its own: to ArbHub the simulator is as real as its address says.
    house = await graphHouse({
      startAt: Date.parse('2026-11-23T12:00:00Z'),
      accounts: 6,
      settings: { META_APP_ID: '123456789012345', META_APP_SECRET: 'secret', APP_URL: 'http://127.0.0.1:9' },
    });
    await house.add('First', 'real-token');
  });
  afterAll(() => house?.close());

  const verdicts = async () =>
    Object.fromEntries(
      ((await tool(house.deps, 'preflight')) as { gate: string; verdict: string }[]).map((row) => [
        row.gate,
        row.verdict,
      ]),
    );

  test('on the first day it is no go, and says why', async () => {
    await house.sweep();
    await house.poll();
    const rows = await tool(house.deps, 'preflight');
    expect(commands['preflight']!.verdict!(rows)).toEqual({
      isGood: false,
      says: expect.stringMatching(
        /^NO-GO: .*figures within 5% of a closed day.*somebody hears of it/,
      ) as string,
    });
    expect(await verdicts()).toMatchObject({
      'connection works': 'go',
      'token lives and may read': 'go',
      'accounts, 5 first': 'go',
      'every account may be read': 'go',
      'cycle under 45 s, at least 95% read': 'go',
      'board under 3 s': 'warn',
    });
  });

  test('after a day, with limits entered and a channel, it is go', async () => {
    for (let passed = 0; passed < 26 * 60; passed += 15) {
      await house.advance(15 * minuteMs);
      await house.poll();
    }
    await house.rows`update accounts set operator_limit_minor = 25000`;
    await house.rows`insert into channels (kind, name, last_sent_at) values ('slack', 'here', now())`;
    const rows = await tool(house.deps, 'preflight', { connection: 'First' });
    expect(rows.filter((row) => 'verdict' in row && row.verdict === 'stop')).toEqual([]);
    expect(commands['preflight']!.verdict!(rows)).toEqual({ isGood: true, says: 'GO' });
  });

  test('figures that differ from what Meta says now stop it', async () => {
    await house.rows`update account_days set live_spend_minor = spend_minor * 2 + 1000`;
    expect((await verdicts())['figures within 5% of a closed day']).toBe('stop');
    await house.rows`update account_days set live_spend_minor = spend_minor`;
    expect((await verdicts())['figures within 5% of a closed day']).toBe('go');
  });

  test('limits that nobody tells, and a token that died, stop it', async () => {
    await house.rows`update accounts set operator_limit_minor = null`;
    await house.rows`update latest set meta_limit_source = 'unknown', meta_limit_minor = null`;
    expect((await verdicts())['daily limits are told or entered']).toBe('stop');
    await house.scenario({ kind: 'dead_token', token: 'real-token' });
    expect((await verdicts())['token lives and may read']).toBe('stop');
  });

  test('it knows no simulated connection and none that is not there', async () => {
    await expect(tool(house.deps, 'preflight', { connection: 'Nobody' })).rejects.toThrow('no connection');
  });
});

describe('the end of a simulation', () => {
  let flow: FlowHouse;
  let deps: Deps;
  let folder: string;
  const rows = <Row extends object>(text: TemplateStringsArray, ...values: string[]) =>
    flow.database.database.sql<Row>(text, ...values);

  beforeAll(async () => {
    flow = await flowHouse({ startAt: Date.parse('2026-11-23T15:01:00Z'), accounts: 6 });
    folder = await mkdtemp(path.join(tmpdir(), 'arbhub-end-'));
    deps = {
      ...flow.deps,
      clock: flow.clock,
      keeping: { ...nothingKept, archive: diskArchive(folder), longestRunMs: 60_000 },
    };
    await runStatus(deps);
    await readFigures(deps);
    await flow.scenario({ kind: 'suspend_one' });
    await flow.advance(5 * minuteMs);
    await runStatus(deps);
    await readFigures(deps);
  });
  afterAll(async () => {
    await flow?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const endOf = (name: string) => tool(deps, 'simulation end', { yes: name });
  const simulated = async () =>
    (
      await rows<{ count: number }>`
      select count(*) from accounts a join connections c on c.id = a.connection_id where c.kind = 'simulation'`
    )[0]!.count;

  test('every table that belongs to accounts or alerts is known', async () => {
    const found = await rows<{ key: string }>`
      select distinct c.conrelid::regclass || '.' || a.attname as key
      from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid in ('accounts'::regclass, 'alerts'::regclass)`;
    const known = [...accountTables, ...alertTables].map(({ table, key }) => `${table}.${key}`);
    // An alert that muted another one is let go of, not deleted by it.
    expect(
      found.map(({ key }) => key).filter((key) => key !== 'alerts.muted_by' && !known.includes(key)),
    ).toEqual([]);
  });

  test('it is not ended by another name, nor while nothing else would be watched', async () => {
    await expect(tool(deps, 'simulation end')).rejects.toThrow('Confirm with its name');
    await expect(endOf('Simulation')).rejects.toThrow('--yes simulation');
    await expect(endOf('simulation')).rejects.toThrow('Nothing would be watched');
    expect(await simulated()).toBe(6);
  });

  test('beside a real connection both stand side by side', async () => {
    await flow.database.database.script(`
      insert into connections (name, kind) values ('real', 'meta');
      insert into accounts (account_id, connection_id, currency, timezone, date_added)
        select 'act_1', id, 'USD', 'UTC', now() from connections where name = 'real';
      insert into latest (account_no, state) select no, 'active' from accounts where account_id = 'act_1';
      insert into notes (account_no, author, words, written_at)
        select no, 'owner@example.com', 'real', now() from accounts where account_id = 'act_1'`);
    const lines = (await tool(deps, 'simulation compare')) as { what: string }[];
    const of = (what: string) => lines.find((line) => line.what === what);
    expect(of('accounts')).toEqual({ what: 'accounts', simulated: '6', real: '1' });
    expect(of("today's figures known")).toMatchObject({ simulated: '100%', real: '0%' });
    expect(of('suspended now')).toMatchObject({ real: '0' });
    expect(of('read in the last cycle')).toMatchObject({
      simulated: expect.stringMatching(/^\d of \d$/) as string,
    });
    expect(of('changes of status, 24 h')).toMatchObject({ simulated: '1', real: '0' });
  });

  test('a copy that is not whole ends nothing for good: it is made again', async () => {
    const archive = diskArchive(folder);
    const broken = { ...archive, put: () => Promise.reject(new Error('the disk is full')) };
    const there = { ...deps, keeping: { ...deps.keeping, archive: broken } };
    await expect(tool(there, 'simulation end', { yes: 'simulation' })).rejects.toThrow('the disk is full');
    expect(await rows`select copy, removed_at from simulation_ends`).toEqual([
      { copy: null, removed_at: null },
    ]);
    const [ended] = (await endOf('simulation')) as { rows: number; copy: string }[];
    expect(ended!.rows).toBeGreaterThan(50);
    const [file] = await readdir(path.join(folder, 'simulation'));
    expect(ended!.copy).toBe(`simulation/${file}`);
    const text = gunzipSync(await readFile(path.join(folder, 'simulation', file!))).toString();
    const lines = text.trimEnd().split('\n').slice(1);
    expect(lines).toHaveLength(ended!.rows);
    const parsed = lines.map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> });
    const tables = new Set(parsed.map(({ table }) => table));
    for (const table of [
      'accounts',
      'latest',
      'snapshots',
      'standings',
      'transitions',
      'alerts',
      'deliveries',
    ])
      expect([...tables]).toContain(table);
    expect(parsed.filter(({ table }) => table === 'accounts')).toHaveLength(6);
    expect(text).not.toContain('"act_1"');
    // The board shows them no more, and no alert of theirs goes on.
    expect(await rows`select archived_at from accounts where archived_at is null`).toHaveLength(1);
    expect(await rows`select id from alerts where resolved_at is null`).toEqual([]);
    expect(await rows`select action from audit_log order by id desc limit 1`).toEqual([
      { action: 'simulation.ended' },
    ]);
  });

  test('for 14 days everything stays; without its copy it stays longer', async () => {
    await flow.advance(14 * dayMs - hourMs);
    await runDaily(deps);
    expect(await simulated()).toBe(6);
    const [file] = await readdir(path.join(folder, 'simulation'));
    const place = path.join(folder, 'simulation', file!);
    const whole = await readFile(place);
    await writeFile(place, whole.subarray(0, -20));
    await flow.advance(dayMs);
    await runDaily(deps);
    expect(await simulated()).toBe(6);
    expect(await rows`select problem from simulation_ends`).toEqual([
      { problem: expect.stringContaining('nothing was removed') as string },
    ]);
    await writeFile(place, whole);
  });

  test('cut short it goes on another day, and leaves nothing but what is real', async () => {
    // The third account's turn fails, as a crash would.
    await flow.database.database.script(`
      create function stumble() returns trigger language plpgsql as $$
      begin
        if (select count(*) from accounts) < 6 then raise exception 'stumbled'; end if;
        return old;
      end $$;
      create trigger stumble before delete on latest for each row execute function stumble()`);
    await flow.advance(dayMs);
    await runDaily(deps);
    const left = await simulated();
    expect(await rows`select problem from simulation_ends`).toEqual([
      { problem: expect.stringContaining('stumbled') as string },
    ]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(6);
    await flow.database.database.script('drop trigger stumble on latest; drop function stumble()');
    await flow.advance(dayMs);
    await runDaily(deps);
    expect(await simulated()).toBe(0);
    for (const { table, key } of [...accountTables, ...alertTables]) {
      const [count] = await flow.database.database.sql<{ left: number }>`
        select (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', ${table}::text), false, true, '')))[1]::text::int as left`;
      const real = ['accounts', 'latest', 'notes'].includes(table) ? 1 : 0;
      expect([table, key, count!.left]).toEqual([table, key, real]);
    }
    expect(await rows`select removed_at is not null as done, problem from simulation_ends`).toEqual([
      { done: true, problem: null },
    ]);
    expect(await rows`select action from audit_log order by id desc limit 1`).toEqual([
      { action: 'simulation.removed' },
    ]);
    // Once more is no work.
    await flow.advance(dayMs);
    await runDaily(deps);
    expect(await rows`select count(*) from notes`).toEqual([{ count: 1 }]);
  });
});
