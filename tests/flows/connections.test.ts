import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator, type TestSimulator } from '../../simulator/test-simulator.ts';
import { graphFixture, type GraphFixture } from '../../src/adapters/meta/graph-fixture.ts';
import { parseConfig } from '../../src/server/config.ts';
import { connectionCommands } from '../../src/server/connection-commands.ts';
import { buildHouse, type Deps } from '../../src/server/house.ts';
import { jsonLog } from '../../src/server/log.ts';
import { keepConnections } from '../../src/server/triggers.ts';
import { addAccounts } from '../../src/services/connections/connections.fixture.ts';
import { testDatabase, type TestDatabase } from '../database.ts';

/** Connections from the operator's side: the tool as a process beside a product, and where their secrets must never be. */

const root = path.resolve(import.meta.dirname, '../..');
// None of them looks like a token of Meta's: the log's redactor knows those, and must not be what keeps these out.
const canaries = {
  first: 'canary-first-7f3a1c',
  second: 'canary-second-91be02',
  renewed: 'canary-renewed-c0ffee',
  dead: 'canary-dead-0badf00d',
  appSecret: 'canary-app-secret-5eed',
};
const signal = new AbortController().signal;

/** Everything that the database holds, as text. */
async function dump(db: TestDatabase): Promise<string> {
  const tables = await db.database.sql<{ name: string }>`
    select quote_ident(c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  expect(tables.length).toBeGreaterThan(20);
  const rows = await Promise.all(
    tables.map(
      ({ name }) => db.database.sql<{ xml: string }>`
        select query_to_xml('select r::text from public.' || ${name}::text || ' r', true, false, '')::text as xml`,
    ),
  );
  return rows
    .flat()
    .map(({ xml }) => xml)
    .join('\n');
}

/** The canaries that a text holds, as they are or in another spelling. */
function found(text: string): string[] {
  const spellings = (canary: string) => [
    canary,
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64').slice(0, -4),
    encodeURIComponent(canary),
  ];
  return Object.entries(canaries)
    .filter(([, canary]) => spellings(canary).some((one) => text.includes(one)))
    .map(([name]) => name);
}

describe('the tool beside a product', () => {
  let db: TestDatabase;
  let simulator: TestSimulator;
  let dataDir: string;
  let product: Deps;
  const said: string[] = [];

  beforeAll(async () => {
    [db, simulator, dataDir] = await Promise.all([
      testDatabase(),
      startSimulator('--accounts', '12'),
      mkdtemp(path.join(tmpdir(), 'arbhub-connections-')),
    ]);
    simulator.simulation.clock.release();
    const log = jsonLog((line) => said.push(line));
    product = buildHouse(parseConfig(env(), false), db.database, log, null);
  });
  afterAll(async () => {
    await Promise.all([db.drop(), simulator.close(), rm(dataDir, { recursive: true })]);
  });

  const env = () => ({
    DATABASE_URL: db.url,
    ARBHUB_DATA_DIR: dataDir,
    META_GRAPH_URL: simulator.url,
    META_APP_ID: '123456789012345',
    META_APP_SECRET: canaries.appSecret,
  });

  async function arbhub(words: string, input = '') {
    const args = ['--import', 'tsx', 'src/server/arbhub.ts', ...words.split(' ')];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', ...env() },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    said.push(stdout, stderr);
    const rows = words.includes('--json') && code === 0 ? (JSON.parse(stdout) as Row[]) : [];
    return { code, stdout, stderr, rows };
  }
  type Row = Record<string, unknown>;

  test('adds a connection, makes the key, and says to back it up', async () => {
    const { code, rows, stderr } = await arbhub(
      'connection add --name Beta --business 1122334455 --json',
      `${canaries.first}\n`,
    );
    expect([code, rows]).toEqual([0, [{ id: 1, name: 'Beta', businesses: ['1122334455'], checked: 'yes' }]]);
    expect(stderr).toContain('back it up');
    expect((await stat(path.join(dataDir, 'encryption.key'))).mode & 0o777).toBe(0o600);
  });

  test('the product reads with it from its next cycle on', async () => {
    const source = await product.sourceOf({ id: 1, name: 'Beta', kind: 'meta' });
    const page = await source?.listStatuses({ signal, now: () => 0 }).next();
    expect(page?.value).toMatchObject({ readings: { length: 12 }, failures: [] });
    await addAccounts(product, 1, 12);
    const { rows } = await arbhub('connection list --json');
    expect(rows).toMatchObject([
      {
        id: 1,
        name: 'Beta',
        kind: 'meta',
        state: 'ok',
        accounts: 12,
        monitored: 12,
        businesses: ['1122334455'],
        token: 'SYSTEM_USER',
        expires: 'never',
        data_access_expires: 'never',
      },
    ]);
  });

  test('tests it', async () => {
    const { rows } = await arbhub('connection test Beta --json');
    expect(rows).toEqual([
      {
        name: 'Beta',
        state: 'ok',
        alive: true,
        kind: 'SYSTEM_USER',
        scopes: ['ads_read', 'business_management'],
        expires: 'never',
        data_access_expires: 'never',
        accounts: 12,
        problem: null,
        hints: [],
      },
    ]);
  });

  test('pauses, resumes, and lists what it did for people too', async () => {
    expect((await arbhub('connection pause Beta')).stdout).toContain('paused');
    expect((await arbhub('connection resume Beta --json')).rows).toMatchObject([
      { name: 'Beta', state: 'ok' },
    ]);
    expect((await arbhub('connection list')).stdout).toMatch(/name +Beta\nkind +meta/);
  });

  test('replaces the token and rotates the key; the product goes on with both', async () => {
    const before = await product.sourceOf({ id: 1, name: 'Beta', kind: 'meta' });
    const key = await readFile(path.join(dataDir, 'encryption.key'), 'utf8');
    const rotated = await arbhub('rotate-key --json');
    expect(rotated.rows).toEqual([{ key: 'new', resealed: 1, unreadable: 0 }]);
    expect(await readFile(path.join(dataDir, 'encryption.key'), 'utf8')).not.toBe(key);
    expect(await readdir(dataDir)).toEqual(['encryption.key']);
    expect(await product.sourceOf({ id: 1, name: 'Beta', kind: 'meta' })).toBe(before);
    const replaced = await arbhub('connection replace Beta --json', canaries.second);
    expect(replaced.rows).toEqual([{ name: 'Beta', checked: 'yes' }]);
    const after = await product.sourceOf({ id: 1, name: 'Beta', kind: 'meta' });
    expect(after).not.toBe(before);
    expect(await after?.checkToken({ signal, now: () => 0 })).toEqual({ ok: true, value: null });
  });

  test.each([
    ['connection add --name Beta', canaries.first, 'to give it another token, replace it'],
    ['connection add', canaries.first, '--name is missing'],
    ['connection add --name X', '', 'give it on standard input'],
    ['connection add --name X --business Beta', canaries.first, 'no Business Manager id'],
    ['connection add --name X', `${canaries.first} ${canaries.second}`, 'This is no token'],
    ['connection test', '', 'Name one connection'],
    ['connection test Gamma', '', 'connection list tells the names'],
    ['connection replace Beta', '', 'give it on standard input'],
  ])('%s fails and says what to do', async (words, input, advice) => {
    const { code, stdout, stderr } = await arbhub(words, input);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(advice);
  });

  test('a dead token is refused, one that dies is found with what to do, and its neighbour goes on', async () => {
    await simulator.control('POST', '/scenarios', { kind: 'dead_token', subcode: 463, token: canaries.dead });
    const refused = await arbhub('connection add --name Gamma', canaries.dead);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/Meta refuses this token: \(#190\/463\).*make a new token/);
    await arbhub('connection add --name Gamma', canaries.first);
    await simulator.control('POST', '/scenarios', {
      kind: 'dead_token',
      subcode: 460,
      token: canaries.first,
    });
    await keepConnections(product, 'all', signal);
    const { rows } = await arbhub('connection list --json');
    expect(rows).toMatchObject([
      { name: 'Beta', state: 'ok' },
      { name: 'Gamma', state: 'token_dead', reason: expect.stringContaining('make a new token') as string },
    ]);
    const [trial] = (await arbhub('connection test Gamma --json')).rows;
    expect(trial).toMatchObject({
      alive: false,
      accounts: null,
      hints: ['give it a new token: connection replace "Gamma"'],
    });
  });

  test('removes it', async () => {
    expect((await arbhub('connection remove Beta --json')).rows).toMatchObject([
      { name: 'Beta', archived: 12 },
    ]);
    expect((await arbhub('connection list --json')).rows).toMatchObject([{ name: 'Gamma' }]);
    expect(await db.database.sql`select count(*) from connection_tokens`).toEqual([{ count: 1 }]);
  });

  test('help names every command', async () => {
    const { stdout } = await arbhub('--help');
    for (const { usage } of Object.values(connectionCommands)) expect(stdout).toContain(usage);
  });

  test('no column and no line tells a secret', async () => {
    const text = await dump(db);
    expect(text).toContain('connection.token_replaced');
    expect(found(text)).toEqual([]);
    expect(said.join('').length).toBeGreaterThan(2000);
    expect(found(said.join('\n'))).toEqual([]);
  });
});

describe('a Meta that quotes secrets', () => {
  let db: TestDatabase;
  let graph: GraphFixture;
  beforeAll(async () => {
    [db, graph] = await Promise.all([testDatabase(), graphFixture()]);
  });
  afterAll(() => Promise.all([db.drop(), graph.close()]));

  test('cannot bring them into a table, a line or an error', async () => {
    const key = Buffer.alloc(32, 9).toString('base64');
    const said: string[] = [];
    const config = parseConfig(
      {
        META_GRAPH_URL: graph.settings.baseUrl,
        META_APP_ID: '1',
        META_APP_SECRET: canaries.appSecret,
        ENCRYPTION_KEY: key,
      },
      false,
    );
    const deps = buildHouse(
      config,
      db.database,
      jsonLog((line) => said.push(line)),
      null,
    );
    const soon = Math.floor((await deps.clock.now()) / 1000) + 5 * 86_400;
    const living = { is_valid: true, type: 'SYSTEM_USER', expires_at: soon, scopes: ['ads_read'] };
    type Answer = { path: string; body: unknown };
    let answers: Answer[] = [];
    graph.answer(({ url, body, headers }, response) => {
      const quoted = `${url} ${body} ${headers.authorization ?? ''}`;
      const planned = answers.find(({ path: part }) => url.includes(part));
      response.end(
        JSON.stringify(
          planned?.body ?? { error: { message: `no: ${quoted}`, code: 190, error_subcode: 460 } },
        ),
      );
    });
    const run = async (name: string, words: string[], input: string, options = {}) => {
      const command = connectionCommands[name];
      const given = { words, options, readInput: () => Promise.resolve(input) };
      said.push(
        await command!.run(deps, given).then(
          (rows) => JSON.stringify(rows),
          (error: unknown) =>
            error instanceof Error ? `${error.stack} ${String(error.cause)}` : String(error),
        ),
      );
    };
    const quotes = { message: `see ${canaries.first} and ${canaries.appSecret}`, code: 190 };

    // Refused, then added, tested, renewed in vain and for good, replaced, dead, unreachable.
    await run('connection add', [], canaries.first, { name: 'one' });
    answers = [{ path: 'debug_token', body: { data: { is_valid: false, error: quotes } } }];
    await run('connection add', [], canaries.first, { name: 'one' });
    answers = [{ path: 'debug_token', body: { data: living } }];
    await run('connection add', [], canaries.first, { name: 'one' });
    await run('connection test', ['one'], '');
    await keepConnections(deps, 'all', signal);
    await db.database.sql`update connection_tokens set renewal_tried_at = null`;
    const lastingly = { ...living, expires_at: soon + 60 * 86_400 };
    answers = [
      { path: `debug_token?input_token=${canaries.renewed}`, body: { data: lastingly } },
      { path: 'debug_token', body: { data: living } },
      { path: 'oauth/access_token', body: { access_token: canaries.renewed } },
    ];
    await keepConnections(deps, 'all', signal);
    expect(await db.database.sql`select 1 from connection_tokens where renewed_at is not null`).toHaveLength(
      1,
    );
    await run('connection replace', ['one'], canaries.second);
    answers = [
      {
        path: 'debug_token',
        body: { data: { is_valid: false, error: { ...quotes, message: canaries.second } } },
      },
    ];
    await keepConnections(deps, 'all', signal);
    await run('connection test', ['one'], '');
    await run('connection resume', ['one'], '');
    await run('rotate-key', [], '');
    await db.database.sql`update connections set state = 'ok'`;
    const source = await deps.sourceOf({ id: 1, name: 'one', kind: 'meta' });
    expect((await source?.checkToken({ signal, now: () => 0 }))?.ok).toBe(false);
    const away = buildHouse(
      { ...config, meta: { ...config.meta, graphUrl: 'http://127.0.0.1:1' } },
      db.database,
      deps.log,
      null,
    );
    await keepConnections({ ...away, tokenOffice: { ...away.tokenOffice } }, 'all', signal);
    await run('connection remove', ['one'], '');

    const text = await dump(db);
    for (const action of ['added', 'token_renewed', 'token_replaced', 'removed'])
      expect(text).toContain(`connection.${action}`);
    expect(text).toContain('token_dead');
    expect(found(text)).toEqual([]);
    expect(said.join('\n')).toContain('[token]');
    expect(found(said.join('\n'))).toEqual([]);
    expect(text + said.join('\n')).not.toContain(key);
  });
});
