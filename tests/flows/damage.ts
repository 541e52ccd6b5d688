import { createHash } from 'node:crypto';
import { dice, type Dice } from '../dice.ts';
import type { Said } from '../graph-proxy.ts';

/** Ways to damage an answer of Graph. None of them makes a believable other answer: that nobody could tell from the truth. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Node = { holder: Record<string, Json>; key: string; value: Json };

/** The same words bring the same numbers. */
export const diceOf = (words: string): Dice =>
  dice(createHash('sha256').update(words).digest().readUInt32LE());

const figures = new Set([
  ...[
    'account_status',
    'disable_reason',
    'amount_spent',
    'spend_cap',
    'balance',
    'spend',
    'impressions',
    'clicks',
  ],
  ...['cpc', 'value', 'total_count', 'adtrust_dsl', 'type'],
]);
/** Free: whatever stands there is what Meta says. `paging` may be anything, as long as it is no next page. */
const free = new Set([
  'extra_data',
  'paging',
  'cursors',
  'previous',
  'before',
  'after',
  'error',
  'action_type',
]);
const texts = new Set([
  'event_type',
  'event_time',
  'currency',
  'id',
  'account_id',
  'date_start',
  'date_stop',
  'is_valid',
]);
const noFigure: readonly Json[] = [
  ...[
    null,
    true,
    {},
    1e300,
    1.5e-7,
    '1e5',
    'NaN',
    '0x10',
    '١٢٣',
    '12\u0000',
    '9'.repeat(25),
    ' 7',
    '1,234',
    '-',
    '½',
  ],
];
const noText: readonly Json[] = [null, 7, true, {}, ['a']];
/** Where null or a missing key means that it is not told. */
const noContainer: readonly Json[] = [7, true, 'words', '\u0000'];

function nodes(value: Json, into: Node[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return into;
  const holder = value as Record<string, Json>;
  for (const [key, inner] of Object.entries(holder)) {
    if (free.has(key)) continue;
    into.push({ holder, key, value: inner });
    nodes(inner, into);
  }
  return into;
}

/** One field of an answer is made into something that it cannot be. */
function damageField(body: Json, random: Dice): string | null {
  const fields = nodes(body).filter(
    ({ key, value }) =>
      figures.has(key) ||
      texts.has(key) ||
      ((key === 'data' || key === 'summary') && typeof value === 'object'),
  );
  if (fields.length === 0) return null;
  const { holder, key } = random.pick(fields);
  const before = holder[key];
  const choices = figures.has(key) ? noFigure : texts.has(key) ? noText : noContainer;
  const other = random.pick(choices);
  if (JSON.stringify(before) === JSON.stringify(other)) return null;
  holder[key] = other;
  return `${key} = ${JSON.stringify(other)}`;
}

interface Row {
  [key: string]: Json;
}
const rowsOf = (body: Json): Row[] | null => {
  const data = typeof body === 'object' && body !== null && !Array.isArray(body) ? body['data'] : undefined;
  return Array.isArray(data) && data.length > 0 ? (data as Row[]) : null;
};

/** The rows of an answer: doubled, of another account, of another day, no rows at all. */
function damageRows(body: Json, random: Dice, address: string): string | null {
  const rows = rowsOf(body);
  if (rows === null) return null;
  const row = random.pick(rows);
  const at = rows.indexOf(row);
  const isList = address === 'me/adaccounts';
  const kind = random.pick([
    'double',
    'null',
    'words',
    'owner',
    isList ? 'owner' : 'day',
    isList ? 'owner' : 'day',
  ]);
  const isLog = address.includes('/activities');
  if (kind === 'double') {
    // The same entry of the log twice is one entry.
    rows.splice(at, 0, structuredClone(row));
    return isLog ? null : 'a row twice';
  }
  if (kind === 'null' || kind === 'words') {
    rows[at] = (kind === 'null' ? null : 'row') as unknown as Row;
    return `${kind} for a row`;
  }
  if (kind === 'owner' && !('id' in row) && 'account_id' in row) {
    row['account_id'] = String(row['account_id']).split('').reverse().join('');
    return 'a row of another account';
  }
  if (kind === 'owner' && rows.length > 1 && String(row['id']).startsWith('act_')) {
    row['id'] = random.pick(rows.toSpliced(at, 1))['id'] ?? null;
    return "a row under another account's id";
  }
  if (kind === 'day' && 'date_start' in row) {
    const isToday = address.includes('date_preset=today');
    const shift = random.pick(isToday ? [-400, -2, 2, 400] : [-400, 400]);
    const day = new Date(Date.parse(`${String(row['date_start'])}T00:00:00Z`) + shift * 86_400_000);
    row['date_start'] = row['date_stop'] = day.toISOString().slice(0, 10);
    return address.includes('time_range') && address.includes('limit') ? 'outside' : 'another day';
  }
  return null;
}

/** Damages a body's text; null when nothing came of it. */
export function damageText(
  text: string,
  address: string,
  random: Dice,
): { text: string; how: string } | null {
  const isList = address === 'me/adaccounts';
  const kind = random.pick([
    'byte',
    'cut',
    'field',
    isList ? 'rows' : 'field',
    isList ? 'rows' : 'field',
    'rows',
    'rows',
  ]);
  if (kind === 'cut') return { text: text.slice(0, random.below(text.length)), how: 'cut' };
  if (kind === 'byte') {
    const bytes = Buffer.from(text);
    for (let n = 0; n < 3; n++) bytes[random.below(bytes.length)] = random.below(256);
    const damaged = bytes.toString('latin1');
    // A digit for another digit is believable: only what is no JSON any more is damage that can be seen.
    return isJson(damaged) ? null : { text: damaged, how: 'bytes' };
  }
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const how = kind === 'rows' ? damageRows(body, random, address) : damageField(body, random);
  return how === null ? null : { text: JSON.stringify(body), how };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Item {
  code?: number;
  body?: string;
}

/** Damages a batch's answer: single items, or the whole of it. Answers what was done. */
export function damageBatch(
  said: Said,
  addresses: readonly string[],
  share: number,
  random: Dice,
): { said: Said; done: string[] } {
  if (said.status !== 200) return { said, done: [] };
  const items = JSON.parse(String(said.text)) as (Item | null)[];
  const done: string[] = [];
  const wrap = (text: string | null): { said: Said; done: string[] } => ({ said: { ...said, text }, done });
  const whole = random.roll();
  if (whole < 0.02)
    return (done.push('batch cut'), wrap(String(said.text).slice(0, random.below(String(said.text).length))));
  if (whole < 0.03) return (done.push('item too many'), wrap(JSON.stringify([...items, items[0]])));
  if (whole < 0.04) return (done.push('item too few'), wrap(JSON.stringify(items.slice(1))));
  if (whole < 0.05) return (done.push('no batch'), wrap(JSON.stringify(random.pick([null, {}, 'words', 7]))));
  if (whole < 0.12 && doesShow(items, addresses))
    return (done.push('batch turned round'), wrap(JSON.stringify(items.toReversed())));
  const damaged = items.map((item, index): unknown => {
    if (item === null || random.roll() > share) return item;
    const address = addresses[index] ?? '';
    const kind = random.roll();
    if (kind < 0.05) return (done.push('null item'), null);
    if (kind < 0.08) return (done.push('{} item'), {});
    if (kind < 0.1) return (done.push('item of text'), 'words');
    if (kind < 0.13) return (done.push('no body'), { ...item, body: undefined });
    if (kind < 0.16)
      return (
        done.push('body of another kind'),
        { ...item, body: random.pick([null, 7, {}, '', 'null', '[]', '7', '""']) }
      );
    if (kind < 0.19)
      return (
        done.push('code of another kind'),
        { ...item, code: random.pick([500, 400, 302, '500']), body: '' }
      );
    if (kind < 0.3) {
      const other = items.findIndex(
        (one, n) => n !== index && isOther(one, item, addresses[n] ?? '', address),
      );
      if (other >= 0) return (done.push("another account's body"), { ...item, body: items[other]?.body });
    }
    const text = damageText(item.body ?? '', address, random);
    if (text === null) return item;
    done.push(text.how);
    return { ...item, body: text.text };
  });
  return wrap(JSON.stringify(damaged));
}

const isNamed = ({ body = '' }: Item) => /"account_id"|"id":"act_/.test(body);
const kindOf = (address: string) => address.replace(/^act_\d+/, '');

/** Whether a body is another account's answer to the same question, and says so. */
function isOther(one: Item | null, item: Item, address: string, own: string): boolean {
  return (
    one !== null &&
    kindOf(address) === kindOf(own) &&
    address !== own &&
    isNamed(one) &&
    one.body !== item.body
  );
}

/** Whether a batch that is turned round shows it: some answer bears another account's name. */
function doesShow(items: readonly (Item | null)[], addresses: readonly string[]): boolean {
  return items.some((item, n) => {
    const place = addresses[items.length - 1 - n] ?? '';
    const owner = /^act_\d+/.exec(addresses[n] ?? '')?.[0] ?? '-';
    return item !== null && isNamed(item) && !place.startsWith(owner);
  });
}
