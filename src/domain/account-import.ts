import { type AccountId, parseAccountId } from './account.ts';
import { CsvRecords } from './csv-records.ts';

/** A list of accounts as a spreadsheet gives it: account id, vendor, daily limit, tags. */

/** One row. An empty cell is null and leaves what it is about as it stands. */
export interface ImportRow {
  /** Counts from 1, the row of names included, as a spreadsheet does. */
  line: number;
  /** The first cell as it was written. */
  given: string;
  accountId: AccountId | null;
  vendor: string | null;
  /** Major units with a point, or `none`. */
  dailyLimit: string | null;
  /** With commas between them; `none` takes all away. */
  tags: string | null;
  /** What is wrong with the row, and what to do about it. */
  problem: string | null;
}

export type ReadImport =
  /** `ignored`: columns that nobody knows. */
  { isDone: true; rows: ImportRow[]; ignored: string[] } | { isDone: false; problem: string };

const mostRows = 2000;
const mostCharacters = 500_000;

const columns = {
  account: ['account id', 'account', 'ad account', 'ad account id', 'id'],
  vendor: ['vendor', 'agency'],
  dailyLimit: ['daily limit', 'limit', 'daily spend limit', 'dsl'],
  tags: ['tags', 'tag'],
} as const;
type Column = keyof typeof columns;
const inOrder: readonly Column[] = ['account', 'vendor', 'dailyLimit', 'tags'];

/** Reads the list, whatever stands between its cells. Without a row of names its columns are in the order above. */
export function readImport(given: string): ReadImport {
  if (given.length > mostCharacters)
    return refused('This is too long: import at most 2,000 accounts at once.');
  const text = `${given
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .trimEnd()}\n`;
  const separator = separatorOf(text.slice(0, text.indexOf('\n')));
  const records = readAll(text, separator);
  if (records === null)
    return refused('A quotation mark is missing or too many: save the sheet as CSV once more.');
  const [first = []] = records;
  const hasNames = first.every((cell) => idOf(cell ?? '') === null) && placesOf(first).account !== undefined;
  const isIdFirst = idOf(first[0] ?? '') !== null || isRounded(first[0] ?? '');
  if (!hasNames && !isIdFirst)
    return refused('No column holds account ids: name one “account id”, or put the ids in the first column.');
  const places = hasNames ? placesOf(first) : { account: 0, vendor: 1, dailyLimit: 2, tags: 3 };
  const known = Object.values(places);
  const ignored = hasNames
    ? first.flatMap((name, at) => (known.includes(at) || name === null ? [] : [name.trim()]))
    : [];
  const rows = records
    .map((cells, at) => ({ cells, line: at + 1 }))
    .slice(hasNames ? 1 : 0)
    .filter(({ cells }) => cells.some((cell) => cell !== null && cell.trim() !== ''))
    .map(({ cells, line }) => rowOf(cells, places, line, separator));
  if (rows.length === 0) return refused('There is no account in it.');
  if (rows.length > mostRows)
    return refused(`These are ${rows.length} accounts: import at most 2,000 at once.`);
  return { isDone: true, rows: withoutRepeats(rows), ignored };
}

const refused = (problem: string): ReadImport => ({ isDone: false, problem });

function separatorOf(line: string): ',' | ';' | '\t' {
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const times = (mark: string) => bare.split(mark).length;
  if (times('\t') > 1) return '\t';
  return times(';') > times(',') ? ';' : ',';
}

function readAll(text: string, separator: ',' | ';' | '\t'): (string | null)[][] | null {
  try {
    const reader = new CsvRecords(separator);
    const records = reader.push(text);
    reader.end();
    return records;
  } catch {
    return null;
  }
}

function placesOf(names: readonly (string | null)[]): Partial<Record<Column, number>> {
  const plain = names.map((name) =>
    (name ?? '')
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, ' ')
      .trim(),
  );
  const places: Partial<Record<Column, number>> = {};
  for (const column of inOrder) {
    const at = plain.findIndex((name) => (columns[column] as readonly string[]).includes(name));
    if (at !== -1) places[column] = at;
  }
  return places;
}

function rowOf(
  cells: readonly (string | null)[],
  places: Partial<Record<Column, number>>,
  line: number,
  separator: string,
): ImportRow {
  const cell = (column: Column): string | null => {
    const at = places[column];
    // The mark that keeps a spreadsheet from taking text for a formula is none of the text.
    const text = (at === undefined ? null : (cells[at] ?? null))?.trim().replace(/^'/, '') ?? '';
    return text === '' ? null : text;
  };
  const given = cell('account') ?? '';
  const accountId = idOf(given);
  const { amount, problem } = amountOf(cell('dailyLimit'), separator);
  return {
    ...{ line, given, accountId, vendor: cell('vendor'), dailyLimit: amount, tags: cell('tags') },
    problem: accountId === null ? idProblem(given) : problem,
  };
}

function idOf(text: string): AccountId | null {
  const plain = text.trim().replace(/^'/, '');
  return parseAccountId(/^[0-9]+$/.test(plain) ? `act_${plain}` : plain);
}

/** `1.23E+15`: what a spreadsheet makes of an id that it takes for a number. */
function isRounded(text: string): boolean {
  return /^[0-9][.,][0-9]+E\+?[0-9]+$/i.test(text.trim());
}

function idProblem(given: string): string {
  if (given === '') return 'The account id is missing.';
  return isRounded(given)
    ? 'The spreadsheet has rounded this id: format its column as text and enter the id again.'
    : `“${given.slice(0, 40)}” is no account id: write it like act_1234567890.`;
}

function amountOf(text: string | null, separator: string): { amount: string | null; problem: string | null } {
  if (text === null) return { amount: null, problem: null };
  if (text.toLowerCase() === 'none') return { amount: 'none', problem: null };
  // Where cells end with a comma, a comma within one was meant for thousands.
  const plain = separator === ',' ? text : text.replace(/^([0-9]+),([0-9]{1,2})$/, '$1.$2');
  if (/^[0-9]{1,14}(\.[0-9]{1,12})?$/.test(plain)) return { amount: plain, problem: null };
  return {
    amount: null,
    problem: `“${text.slice(0, 40)}” is no amount: write digits alone, like 1250 or 249.50, or none.`,
  };
}

/** Of two rows about one account nobody knows which was meant. */
function withoutRepeats(rows: readonly ImportRow[]): ImportRow[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const before = row.accountId === null ? undefined : seen.get(row.accountId);
    if (row.accountId !== null) seen.set(row.accountId, before ?? row.line);
    return before === undefined || row.problem !== null
      ? row
      : { ...row, problem: `Row ${before} is about this account already: take one of them out.` };
  });
}
