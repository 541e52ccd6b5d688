import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailServer, type MailServer } from '../../src/adapters/channels/email/mail-server.fixture.ts';
import { browserKeys } from '../../src/adapters/channels/receiver.fixture.ts';
import { connectDatabase, driverOptions } from '../../src/adapters/database/connect.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/adapters/database/embedded.ts';
import { startSimulator, type Simulator } from '../../src/adapters/simulation/simulator-process.ts';
import { addDays, utcDay } from '../../src/domain/calendar.ts';
import { commands } from '../../src/server/commands.ts';
import { parseConfig } from '../../src/server/config.ts';
import { buildHouse, type Deps } from '../../src/server/house.ts';
import { buildKeeping } from '../../src/server/keeping.ts';
import { jsonLog } from '../../src/server/log.ts';
import { routeTable } from '../../src/server/route-table.ts';
import { ensurePartitions, slotSeconds } from '../../src/store/snapshots.ts';
import { admin, startProduct, type Product } from '../browser/product.ts';
import { canary, canaryFinder } from '../canary.ts';
import { silentLog } from '../flow-house.ts';
import { graphProxy, type Asked, type GraphProxy, type Said } from '../graph-proxy.ts';
import { endProducts, pidsOf } from './folder-processes.ts';
import { until } from './until.ts';

/**
 * A recognisable secret in every slot that holds one, a day's worth of good and bad things, and then a look everywhere a secret
 * could have got to. Everybody outside answers in the worst way: with the very words that he was sent.
 */

const root = path.resolve(import.meta.dirname, '../..');
const dayMs = 86_400_000;

const secrets = {
  metaToken: canary('metatoken', 60),
  appSecret: canary('appsecret', 32),
  typedToken: canary('typedtoken', 60),
  cron: canary('cronsecret', 40),
  apiKey: canary('apikey', 24),
  verify: canary('verifytoken', 24),
  password: canary('ofthecoalmine'),
  encryption: `${canary('encryption', 43).replace(/x$/, 'w')}=`,
  wrongPassword: canary('typedbymistake'),
};

let folder: string;
let product: Product;
let meta: GraphProxy;
let simulator: Simulator;
let mail: MailServer;
let echo: Echo;
let embedded: EmbeddedServer;
let house: Deps;
/** Undone in the opposite order. */
const undo: (() => Promise<unknown>)[] = [];

/** What somebody could read, with where: answers of the product, lines of the tool, messages that went out. */
const said: { where: string; text: string }[] = [];
const told = (where: string, text: string) => void said.push({ where, text });

interface Echo {
  origin: string;
  bodies: string[];
  close(): Promise<void>;
}

/** Answers everything with what it was asked, address, headers and body, under a status that changes. */
async function startEcho(): Promise<Echo> {
  const statuses = [500, 403, 400, 200, 404, 302];
  const bodies: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      bodies.push(body);
      const words = `${request.method} ${request.url} ${JSON.stringify(request.headers)} ${body}`;
      const status = request.url?.includes('/services/')
        ? 500
        : (statuses[bodies.length % statuses.length] ?? 500);
      response.writeHead(status, { 'x-echo': request.url, location: request.url });
      response.end(`<Error><Code>${request.headers.authorization}</Code><Message>${words}</Message></Error>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A Meta that says the token in all that it says: first beside good answers, then in its failures. */
const manners: Record<
  'good' | 'rude' | 'dead',
  (asked: Asked, genuine: () => Promise<Said>) => Promise<Said>
> = {
  async good({ token }, genuine) {
    const answer = await genuine();
    const told = JSON.parse(String(answer.text)) as object;
    if (Array.isArray(told)) return answer;
    const address = `https://graph.facebook.com/v26.0/me/adaccounts?access_token=${token}&after=x`;
    const paging = { ...('paging' in told ? (told.paging as object) : {}), previous: address };
    const headers = { ...answer.headers, 'x-ad-api-version-warning': `called with access_token=${token}` };
    return { ...answer, headers, text: JSON.stringify({ ...told, paging, debug: address }) };
  },
  async rude({ token, items }) {
    const error = (message: string, code: number) => ({ error: { message, code, type: 'OAuthException' } });
    const json = (status: number, body: unknown) => ({ status, headers: {}, text: JSON.stringify(body) });
    const each = (body: unknown) => items.map(() => ({ code: 400, body: JSON.stringify(body) }));
    // The longest message that is kept has 300 characters; the end of this one is the beginning of the token.
    const cut = error(`${'long '.repeat(56)}${token}`, 1);
    const isBatch = items.length > 0;
    const said: Said[] = [
      { status: 500, headers: {}, text: `<html>${token} and ${secrets.appSecret}</html>` },
      json(400, error(`Malformed access token ${token}`, 2)),
      json(
        200,
        isBatch ? each(cut) : { data: [{ id: `act_${token}`, account_status: token, currency: token }] },
      ),
      json(400, cut),
      json(
        200,
        isBatch ? each(error(`(#100) ${token} is no field`, 100)) : { data: token, paging: { next: token } },
      ),
      { status: 200, headers: {}, text: `${token} is not JSON` },
    ];
    return said[meta.asked.length % said.length]!;
  },
  async dead({ token, params }) {
    const message = `Error validating access token ${token}, proof ${params.get('appsecret_proof')}: Session has expired`;
    const error = { message, code: 190, error_subcode: 463, type: 'OAuthException', fbtrace_id: `A${token}` };
    return { status: 400, headers: {}, text: JSON.stringify({ error }) };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-canaries-'));
  [echo, mail, simulator] = await Promise.all([
    startEcho(),
    startMailServer(),
    startSimulator({
      main: path.join(root, 'simulator/main.ts'),
      stateFile: path.join(folder, 'simulation.json'),
      log: silentLog,
      accounts: 12,
    }),
  ]);
  undo.push(
    () => simulator.stop(),
    () => mail.close(),
    () => echo.close(),
  );
  mail.answers['AUTH'] = (_socket, line) => `535 5.7.8 no: ${line}`;
  meta = await graphProxy(simulator.graphUrl);
  undo.push(() => meta.close());
  meta.bend = manners.good;

  const env = {
    META_GRAPH_URL: meta.url,
    FB_ACCESS_TOKEN: secrets.metaToken,
    META_APP_ID: '123456789012345',
    META_APP_SECRET: secrets.appSecret,
    META_WEBHOOK_VERIFY_TOKEN: secrets.verify,
    SLACK_WEBHOOK_URL: `${echo.origin}/services/T0/B0/${canary('slack')}`,
    SMTP_URL: `smtp://mailer:${canary('smtp')}@127.0.0.1:${mail.port}`,
    MAIL_FROM: 'ArbHub <alerts@example.com>',
    TELEGRAM_API_URL: echo.origin,
    WHATSAPP_API_URL: echo.origin,
    PAGERDUTY_API_URL: echo.origin,
    CRON_SECRET: secrets.cron,
    ARBHUB_API_KEY: secrets.apiKey,
    ENCRYPTION_KEY: secrets.encryption,
    ENCRYPTION_KEY_PREVIOUS: `${canary('olderkey', 43).replace(/x$/, 'w')}=`,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: secrets.password,
    HEARTBEAT_URL: `${echo.origin}/ping/${canary('heartbeat')}`,
    STATUS_SWEEP_SECONDS: '5',
    METRICS_CYCLE_SECONDS: '5',
    EXCHANGE_RATES_URL: 'none',
  };
  const s3 = {
    ARCHIVE_S3_URL: `${echo.origin}/bucket`,
    ARCHIVE_S3_ACCESS_KEY_ID: canary('s3id', 20),
    ARCHIVE_S3_SECRET_ACCESS_KEY: canary('s3secret', 40),
  };
  const dataDir = folder;
  product = await startProduct({ dataDir, env: { ...env, ...s3 } });
  undo.push(() => product.stop());

  // The operator's tool in this process, beside the running product; it keeps backups and the archive on the disk.
  embedded = await startEmbedded({ dataDir, holder: 'guest', log: silentLog });
  const database = connectDatabase({ to: embedded.target, maxConnections: 4 });
  undo.push(
    () => embedded.stop(),
    () => database.close(),
  );
  const config = { ...parseConfig(env, false), dataDir };
  const keeping = buildKeeping(config, {
    dataDir,
    database: embedded.target,
    migrations: path.join(root, 'supabase/migrations'),
  });
  const log = jsonLog((line) => told('the log of the tool', line));
  house = buildHouse(config, database, log, null, { keeping });
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
  await endProducts(folder);
  await rm(folder, { recursive: true, force: true });
});

/** Asks the product and keeps all of its answer but the cookie that is meant for the browser. */
async function ask(
  address: string,
  init: RequestInit = {},
): Promise<{ status: number; text: string; cookie: string }> {
  const answer = await fetch(product.url + address, { redirect: 'manual', ...init });
  const text = await answer.text();
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const headers = [...answer.headers].filter(([name]) => name !== 'set-cookie');
  told(`${init.method ?? 'GET'} ${address}: ${answer.status}`, `${JSON.stringify(headers)}\n${text}`);
  return { status: answer.status, text, cookie };
}

/** Sends the form of a page as a browser without JavaScript does. */
async function post(page: string, fields: Record<string, string>) {
  const { text } = await ask(page);
  const form = new FormData();
  for (const [field] of text.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(field)?.[1] ?? '';
    form.set(name, (/value="([^"]*)"/.exec(field)?.[1] ?? '').replaceAll('&quot;', '"'));
  }
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return ask(page, { method: 'POST', body: form, headers: { origin: product.url } });
}

/** A command of the operator's tool; what it prints is kept, a refusal too. */
async function command(
  name: string,
  input: unknown,
  options: Record<string, string> = {},
  words: string[] = [],
) {
  const readInput = async () => (typeof input === 'string' ? input : JSON.stringify(input));
  const done = await commands[name]!.run(house, { words, options, readInput }).catch((error: unknown) => [
    { refused: error instanceof Error ? error.message : String(error) },
  ]);
  if (name !== 'apikey add') told(`arbhub ${name}`, JSON.stringify(done));
  return done as Record<string, unknown>[];
}

/** The tool as a process of its own. */
async function tool(args: string[], input: unknown, env: Record<string, string> = {}): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server/arbhub.ts', ...args], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      ARBHUB_DATA_DIR: product.dataDir,
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (part) => (output += String(part)));
  child.stderr.on('data', (part) => (output += String(part)));
  child.stdin.end(JSON.stringify(input));
  await once(child, 'close');
  expect(output).not.toBe('');
  told(`arbhub ${args.join(' ')} as a process`, output);
}

const channels: [string, object][] = [
  ['telegram', { botToken: `123456789:AA${canary('telegram', 33)}`, chatId: '-100123' }],
  [
    'whatsapp',
    {
      phoneNumberId: '123456789',
      token: canary('whatsapp', 40),
      to: '+15551234567',
      template: 'arbhub_alert',
      language: 'en',
    },
  ],
  ['email', { to: ['ops@example.com'] }],
  ['pagerduty', { routingKey: canary('pagerduty', 32) }],
  [
    'webhook',
    { url: `https://hooks.invalid/in/${canary('webhookpath', 30)}`, secret: canary('webhooksecret', 32) },
  ],
  [
    'web_push',
    {
      endpoint: `https://push.invalid/send/${canary('push', 30)}`,
      keys: { ...browserKeys(), auth: canary('pushauth', 22) },
    },
  ],
];

let apiKey = '';
let session = '';
let links: string[] = [];

test('a day of good and bad things', async () => {
  // Nothing is sent to these: no account is this vendor's, and no test asks anybody outside of this machine.
  await command('vendor add', '', {}, ['Nobody']);
  const unheard = { 'for-vendor': 'Nobody' };
  const slack = { webhookUrl: `https://hooks.slack.com/services/T0/B0/${canary('typedslack', 24)}` };
  await command('channel add', slack, { kind: 'slack', name: 'Slack', ...unheard });
  const bot = { token: `xoxb-${canary('slackbot', 24)}`, channel: 'C0123456789' };
  await command('channel add', bot, { kind: 'slack_bot', name: 'Bot', ...unheard });
  for (const [kind, settings] of channels) {
    await command('channel add', settings, { kind, name: kind });
    await command('channel add', { ...settings, [canary('unknown')]: 1 }, { kind, name: `bad ${kind}` });
    await command('channel test', '', {}, [kind]);
  }
  const { key } = (await command('apikey add', '', { role: 'analyst' }))[0] as { key: string };
  apiKey = key;
  await command('connection add', secrets.typedToken, { name: 'Second' });
  await command('user add', `${canary('userpassword')}\n`, { email: 'mara@example.com', role: 'viewer' });
  await command('user add', canary('no'), { email: 'short@example.com', role: 'viewer' });

  await post('/login', { email: admin.email, password: secrets.wrongPassword });
  await post('/login', { email: secrets.wrongPassword, password: 'x' });
  session = (await post('/login', { email: admin.email, password: secrets.password })).cookie;
  expect(session).toMatch(/^arbhub=[\w-]{43}$/);
  await post(`/setup?token=${'z'.repeat(43)}`, { email: admin.email, password: canary('setuppassword') });

  await until(
    () => ask('/api/health'),
    ({ status }) => status === 200,
  );
  const [account] = (await house.database.sql<{
    id: string;
  }>`select account_id as id from accounts limit 1`) as [{ id: string }];
  await everyRoute(account.id);
  await export_();

  // A failure of ours in the middle of it.
  await house.database.sql`alter table accounts rename to gone`;
  try {
    await everyRoute(account.id, isLetIn);
  } finally {
    await house.database.sql`alter table gone rename to accounts`;
  }
  expect(said.filter(({ where }) => where.endsWith(': 500')).length).toBeGreaterThan(5);
  expect(product.output()).toContain('request failed');

  const tools = Promise.all([
    tool(['channel', 'add', '--kind', 'telegram', '--name', 'X', '--json'], {
      botToken: canary('bad'),
      chatId: canary('bad'),
    }),
    tool(['status', '--json'], '', {
      DATABASE_URL: `postgres://arbhub:${canary('database')}@127.0.0.1:1/arbhub`,
    }),
  ]);
  meta.bend = manners.rude;
  const before = meta.asked.length;
  await command('connection test', '', {}, ['Second']);
  await command('connection replace', canary('replaced', 50), {}, ['Second']);
  await until(
    () => meta.asked.length,
    (asked) => asked >= before + 14,
  );
  meta.bend = manners.dead;
  await command('connection test', '', {}, ['Second']);
  await command('connection add', canary('deadtoken', 50), { name: 'Third' });
  await until(
    () => house.database.sql<{ state: string }>`select state from connections where name = 'default'`,
    ([row]) => row?.state !== 'active' && row?.state !== 'ok',
  );
  await until(
    () => echo.bodies.filter((body) => body.includes('/alerts/act/')).length,
    (messages) => messages > 1,
  );
  links = echo.bodies.flatMap((body) =>
    [...body.matchAll(/\/alerts\/act\/([\w-]{43})/g)].map(([, link]) => link!),
  );
  // The page of a link is for whoever has it; what it says to others must not hold it.
  for (const link of links.slice(0, 2)) await fetch(`${product.url}/alerts/act/${link}`);
  await ask(`/alerts/act/${'z'.repeat(43)}`);
  await everyRoute(account.id, isLetIn);

  await tools;
  for (const name of [
    'connection list',
    'channel list',
    'apikey list',
    'user list',
    'account list',
    'rule list',
    'collecting',
    'status',
  ])
    if (name in commands) await command(name, '');
  await archiveOneDay();
  const [backup] = await command('backup', '');
  expect(backup).toHaveProperty('name');
  await command('rotate-key', '');
});

const isLetIn = (caller: string) => caller === 'an admin' || caller === 'a made key';

/** Every page and route as a stranger, by both keys and in the session; well asked and badly. */
async function everyRoute(account: string, isWanted = (_caller: string) => true): Promise<void> {
  const callers: [string, Record<string, string>][] = [
    ['a stranger', {}],
    ['the key of the settings', { authorization: `Bearer ${secrets.apiKey}` }],
    ['a made key', { authorization: `Bearer ${apiKey}` }],
    ['the scheduler', { authorization: `Bearer ${secrets.cron}` }],
    ['a wrong key', { authorization: `Bearer ${canary('wrongkey', 40)}` }],
    ['an admin', { cookie: session }],
  ];
  const routes = Object.keys(routeTable).map((route) =>
    route
      .replace('[id]', account)
      .replace('[day]', '2026-11-01')
      .replace('[token]', 'z'.repeat(43))
      .replace('[set]', 'house'),
  );
  const bad = [
    '/nowhere',
    '/api/nowhere',
    '/api/v1/accounts?limit=x&cursor=y',
    '/api/v1/accounts/act_1',
    '/accounts/act_1',
  ];
  const challenge = `/api/webhooks/meta?hub.mode=subscribe&hub.challenge=7&hub.verify_token=${secrets.verify}`;
  // Those who may not are let in nowhere, so a few addresses tell enough of them.
  for (const [name, headers] of callers.filter(([caller]) => isWanted(caller))) {
    const isIn = isLetIn(name);
    const wanted = [...routes, ...bad, challenge].filter(
      (route) => isIn || /api|login|dashboard|nowhere/.test(route),
    );
    await Promise.all(wanted.map((route) => ask(route, { headers })));
  }
  const posts: [string, RequestInit][] = [
    [
      '/api/webhooks/meta',
      { body: '{}', headers: { 'x-hub-signature-256': `sha256=${canary('signature', 64)}` } },
    ],
    [
      '/dashboard',
      {
        body: 'x',
        headers: { cookie: session, origin: 'https://evil.example', 'next-action': 'a'.repeat(42) },
      },
    ],
    [
      '/api/me/device',
      {
        method: 'PUT',
        body: `{"endpoint":"${canary('device')}`,
        headers: { cookie: session, origin: product.url },
      },
    ],
  ];
  for (const [route, init] of posts) await ask(route, { method: 'POST', ...init });
}

async function export_(): Promise<void> {
  const today = utcDay(Date.now());
  const { status } = await ask(`/api/v1/export/metrics.csv?from=${today}&to=${addDays(today, 1)}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  expect(status).toBe(200);
}

/** Figures of today as if they were of six weeks ago, so that there is something to archive. */
async function archiveOneDay(): Promise<void> {
  const { sql } = house.database;
  const at = Date.now() - 42 * dayMs;
  await ensurePartitions(sql, utcDay(at), 1);
  await sql`insert into snapshots (slot, account_no, spend_minor) select ${slotSeconds(at)}::int, account_no, 1 from snapshots
    group by account_no`;
  await command('archive run', '');
  const days = await command('archive list', '');
  expect(days.length).toBeGreaterThan(0);
}

test('no secret is anywhere but in its slot', async () => {
  const { metaToken, typedToken, appSecret } = secrets;
  const proofs = [metaToken, typedToken].map((token) =>
    createHmac('sha256', appSecret).update(token).digest('hex'),
  );
  const key = Buffer.from(secrets.encryption, 'base64').toString('latin1');
  expect(links.length).toBeGreaterThan(0);
  const finder = canaryFinder([apiKey, session.replace('arbhub=', ''), ...links, ...proofs, key]);
  const found: string[] = [];
  const search = (where: string, text: string | Buffer) =>
    found.push(...finder.inText(text).map((what) => `${where}: ${what}`));

  search('output of the product', product.output());
  for (const { where, text } of said) search(where, text);
  for (const body of mail.mails) search('a mail', JSON.stringify(body));
  for (const body of echo.bodies)
    search('a message', body.replace(/\/alerts\/act\/[\w-]+/g, '').replace(/"routing_key":"[^"]*"/, ''));

  // Each row of each table as text, where bytes are hex.
  const sql = postgres(driverOptions({ to: embedded.target, maxConnections: 1 }));
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`;
  expect(tables.length).toBeGreaterThan(30);
  for (const { name } of tables)
    for (const { row } of await sql.unsafe<{ row: string }[]>(`select t::text as row from ${name} t`))
      search(name, row);
  for (const { row } of await sql<{ row: string }[]>`select t::text as row from pg_stat_activity t`)
    search('pg_stat_activity', row);
  // What was written and is gone again would still be on the disk.
  await sql`checkpoint`;
  await sql.end();

  const onDisk = finder.inFiles(product.dataDir);
  const pages = finder.inFiles(path.join(root, '.next/static'));
  for (const pid of [...pidsOf(product.dataDir, 'database'), product.pid]) {
    search(`command line of ${pid}`, await readFile(`/proc/${pid}/cmdline`).catch(() => ''));
    if (pid !== product.pid)
      search(`environment of ${pid}`, await readFile(`/proc/${pid}/environ`).catch(() => ''));
  }
  expect([...found, ...onDisk, ...pages]).toEqual([]);
  expect(said.length).toBeGreaterThan(200);
});

test('the search would have seen one', () => {
  const { inText } = canaryFinder(['unmarked secret']);
  const leak = `a ${secrets.cron} b`;
  const spellings = [leak, Buffer.from(leak).toString('hex'), Buffer.from('with an unmarked secret in it')];
  for (const before of ['', 'x', 'xy']) spellings.push(Buffer.from(before + leak).toString('base64'));
  for (const text of spellings) expect(inText(text)).toHaveLength(1);
  expect(inText('nothing at all')).toEqual([]);
});
