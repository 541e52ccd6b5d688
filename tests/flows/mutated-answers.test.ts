import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkTokens } from '../../src/services/connections/check-tokens.ts';
import { graphHouse, minuteMs, type GraphHouse } from '../graph-house.ts';
import { graphProxy, type GraphProxy } from '../graph-proxy.ts';
import { isLong } from '../dice.ts';
import { damageBatch, damageText, diceOf } from './damage.ts';

/**
 * Damaged answers through the whole product into the books, beside a twin of it that sees the same world undamaged: what one
 * has written is what the other has, or what stood there before.
 * `LONG=1 SEED=7 npx vitest run --project integration tests/flows/mutated-answers.test.ts` damages twenty times as many.
 */

const wanted = isLong ? 50_000 : 1_200;
const seed = Number(process.env['SEED'] ?? 20261124);
const startAt = Date.parse('2026-11-24T09:00:05Z');
const accounts = 16;
const share = 0.45;

let damaged: GraphHouse;
let twin: GraphHouse;
let proxy: GraphProxy;
beforeAll(async () => {
  const settings = { META_APP_ID: '123456789012345', META_APP_SECRET: 'secret' };
  [damaged, twin] = await Promise.all([
    graphHouse({
      ...{ startAt, accounts, settings },
      async between(url) {
        proxy = await graphProxy(url);
        return proxy.url;
      },
    }),
    graphHouse({ startAt, accounts, settings }),
  ]);
  for (const house of [damaged, twin]) await house.add('Alpha', 'sim-1-of-1');
});
afterAll(async () => {
  await proxy.close();
  await Promise.all([damaged.close(), twin.close()]);
});

type Books = Map<string, Record<string, unknown>>;

/** Everything that Meta was believed, in groups of what belongs together, by table and key. */
async function read(house: GraphHouse): Promise<Books> {
  const tables: [string, Promise<Record<string, unknown>[]>][] = [
    [
      'account',
      house.rows`
        select a.account_id as key, a.name, a.currency, a.timezone, a.business_id, l.state, l.status_code, l.disable_reason,
          l.spend_cap_minor, l.spend_cap_source, l.has_access from accounts a join latest l on l.account_no = a.no`,
    ],
    [
      'amounts',
      house.rows`select a.account_id as key, l.amount_spent_minor, l.balance_due_minor from accounts a join latest l on l.account_no = a.no`,
    ],
    [
      'today',
      house.rows`
        select a.account_id as key, l.day, l.spend_minor, l.impressions, l.clicks, l.outbound_clicks, l.cpc::text
        from accounts a join latest l on l.account_no = a.no`,
    ],
    [
      'ads',
      house.rows`select a.account_id as key, l.active_ads, l.total_ads, l.rejected_ads from accounts a join latest l on l.account_no = a.no`,
    ],
    [
      'limit',
      house.rows`select a.account_id as key, l.meta_limit_minor, l.meta_limit_source from accounts a join latest l on l.account_no = a.no`,
    ],
    [
      'details',
      house.rows`
        select a.account_id as key, p.is_prepay, p.funding_type, p.funding_text, p.delivery_checks::text, p.user_tasks::text
        from accounts a join particulars p on p.account_no = a.no`,
    ],
    [
      'day',
      house.rows`
        select a.account_id || ' ' || d.day as key, d.spend_minor, d.impressions, d.clicks, d.outbound_clicks
        from account_days d join accounts a on a.no = d.account_no`,
    ],
    [
      'hour',
      house.rows`
        select a.account_id || ' ' || h.day || ' ' || h.hour as key, h.spend_minor, h.clicks, h.outbound_clicks
        from account_hours h join accounts a on a.no = h.account_no`,
    ],
    [
      'log',
      house.rows`
        select a.account_id || ' ' || extract(epoch from e.occurred_at) || ' ' || e.event_type || ' ' || md5(e.extra) as key
        from activities e join accounts a on a.no = e.account_no`,
    ],
    [
      'snapshot',
      house.rows`
        select a.account_id || ' ' || s.slot as key, s.spend_minor, s.clicks, s.outbound_clicks, s.cpc::text
        from snapshots s join accounts a on a.no = s.account_no where s.slot > (select max(slot) - 900 from snapshots)`,
    ],
    [
      'token',
      house.rows`select c.name as key, c.state, t.expires_at::text, t.scopes::text from connections c join connection_tokens t on t.connection_id = c.id`,
    ],
    [
      'transition',
      house.rows`
        select a.account_id || ' ' || t.kind || ' ' || coalesce(t.to_code::text, '') as key
        from transitions t join accounts a on a.no = t.account_no where t.kind in ('status_changed', 'access_lost', 'discovered')`,
    ],
  ];
  const books: Books = new Map();
  for (const [table, rows] of tables)
    for (const { key, ...row } of await rows) books.set(`${table} ${String(key)}`, row);
  return books;
}

/** Whether a row may stand there beside the truth: what is not told is unknown, and unknown is no lie. */
function isTrue(row: Record<string, unknown>, truth: Record<string, unknown>): boolean {
  return isDeepStrictEqual(
    row,
    Object.fromEntries(
      Object.entries(truth).map(([name, value]) => [name, row[name] === null ? null : value]),
    ),
  );
}

const isUnknown = ({ meta_limit_source: source }: Record<string, unknown>) => source === 'unknown';

/** A day that has ended is kept as it was seen last, until it is read again. */
function isLastSeen(key: string, row: Record<string, unknown>, before: Books): boolean {
  const [, account = '', day] = key.split(' ');
  const seen = before.get(`today ${account}`);
  return seen?.['day'] === day && Object.entries(row).every(([name, value]) => seen?.[name] === value);
}

function compare(now: Books, before: Books, truth: Books): string[] {
  const wrong: string[] = [];
  for (const [key, row] of now) {
    const real = truth.get(key);
    const was = before.get(key);
    if (real !== undefined && isTrue(row, real)) continue;
    if (was !== undefined && isDeepStrictEqual(row, was)) continue;
    if (key.startsWith('limit') && isUnknown(row)) continue;
    if (key.startsWith('day ') && isLastSeen(key, row, before)) continue;
    wrong.push(`${key}: ${JSON.stringify(row)}, not ${JSON.stringify(real)} and not ${JSON.stringify(was)}`);
  }
  return wrong;
}

/** Both houses read everything there is, whatever they have read before. */
async function forget({ rows }: GraphHouse): Promise<void> {
  await rows`update latest set ads_read_at = null, limit_read_at = null, limit_refused_until = null,
    metrics_at = case when state in ('suspended', 'closing', 'closed') then metrics_at - interval '2 hours' else metrics_at end`;
  await rows`
    update particulars set details_read_at = null, activities_read_at = null, closed_day = null, history_from = null,
      hours_from = null, hours_to = null, history_failed_at = null`;
}

/** The page of a list, or an inspection of the token; a batch item by item. */
function spoil(round: number, count: Map<string, number>): void {
  const note = (how: string) => void count.set(how, (count.get(how) ?? 0) + 1);
  const times = new Map<string, number>();
  proxy.bend = async ({ path, items }, genuine) => {
    const said = await genuine();
    // Requests overlap: what happens to one must not depend on which of them came first.
    const what = `${path} ${items.join(' ')}`;
    const nth = (times.get(what) ?? 0) + 1;
    times.set(what, nth);
    const random = diceOf(`${seed} ${round} ${nth} ${what}`);
    if (items.length > 0) {
      const { said: other, done } = damageBatch(said, items, share, random);
      done.forEach(note);
      return other;
    }
    if (random.roll() > 2 * share || (path !== 'me/adaccounts' && path !== 'debug_token')) return said;
    const text = damageText(String(said.text), path, random);
    if (text === null) return said;
    note(`${path}: ${text.how}`);
    return { ...said, text: text.text };
  };
}

test(`${wanted} damaged answers, seed ${seed}: no crash, no wrong row`, { timeout: 900_000 }, async () => {
  const count = new Map<string, number>();
  const total = () => [...count.values()].reduce((sum, n) => sum + n, 0);
  for (const house of [damaged, twin]) {
    await house.sweep();
    await house.poll();
  }
  let before = await read(damaged);
  const wrong: string[] = compare(before, new Map(), await read(twin));
  expect(wrong).toEqual([]);
  let rounds = 0;
  for (; total() < wanted; rounds++) {
    for (const house of [damaged, twin]) {
      await house.moveTo(startAt + (rounds + 1) * 5 * minuteMs);
      await forget(house);
    }
    spoil(rounds, count);
    for (const house of [damaged, twin]) {
      await house.sweep();
      await house.poll();
      await checkTokens(house.deps, 'all', new AbortController().signal);
    }
    const now = await read(damaged);
    for (const found of compare(now, before, await read(twin))) wrong.push(`round ${rounds}, ${found}`);
    if (wrong.length > 12) break;
    before = now;
  }
  console.log(`${total()} damaged answers in ${rounds} rounds, seed ${seed}, ${wrong.length} wrong rows`);
  const kinds = [...count].map(([how, n]) => `${how} ${n}`);
  console.log(kinds.filter((kind) => !kind.includes('=')).join(', '), `and ${kinds.length} kinds in all`);
  expect(wrong).toEqual([]);
  // All is well again as soon as the answers are.
  proxy.bend = null;
  for (const house of [damaged, twin]) {
    await house.moveTo(startAt + (rounds + 80) * 5 * minuteMs);
    await forget(house);
    await house.sweep();
    await house.poll();
  }
  const [now, truth] = [await read(damaged), await read(twin)];
  for (const [key, row] of truth)
    if (/^(account|amounts|today|ads|limit|details|token) /.test(key))
      expect([key, now.get(key)]).toEqual([key, row]);
});
