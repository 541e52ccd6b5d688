import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { csvNumber, csvRecord, csvText } from './csv.ts';

/** A reader of RFC 4180 that knows nothing of the writer: a field at a time, by one expression. */
function read(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const found = field.exec(text);
    if (found === null) throw new Error(`no CSV at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const isActive = (cell: string) => /^[=+\-@\t\r\n]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell);
const sharp = fc.constantFrom(
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '"',
  ',',
  "'",
  ' ',
  ';',
  '|',
  'é',
  '😀',
  '\r\n',
  '=1+1',
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(sharp, { maxLength: 6 }).map((parts) => parts.join('')),
);
const number = fc.oneof(
  fc.integer(),
  fc.tuple(fc.integer(), fc.nat(99)).map(([n, c]) => `${n}.${String(c).padStart(2, '0')}`),
);
const cell = fc.oneof(
  text.map((value) => ({ value, written: csvText(value), isText: true })),
  number.map((value) => ({ value: String(value), written: csvNumber(value), isText: false })),
  fc.constant({ value: '', written: csvText(null), isText: false }),
);
const runs = process.env['LONG'] === '1' ? 5000 : 1000;

test(`${runs} random tables come back unchanged, and no text is active`, () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
      (table) => {
        const rows = read(table.map((row) => csvRecord(row.map(({ written }) => written))).join(''));
        expect(rows.map((row) => row.length)).toEqual(table.map((row) => row.length));
        table.forEach((row, r) =>
          row.forEach(({ value, isText }, c) => {
            const got = rows[r]?.[c] ?? '';
            if (isText) expect(isActive(got)).toBe(false);
            expect(isText && /^[=+\-@\t\r\n]/.test(value) ? got.slice(1) : got).toBe(value);
          }),
        );
      },
    ),
    { numRuns: runs },
  );
});

describe('single fields', () => {
  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['-5', "'-5"],
    ['a,b', '"a,b"'],
    [' spaced ', '" spaced "'],
    [null, ''],
    ['', ''],
  ])('writes the text %j as %s', (value, written) => expect(csvText(value)).toBe(written));
  it.each([
    [-5, '-5'],
    ['-0.50', '-0.50'],
    [0, '0'],
    [null, ''],
  ])('writes the number %j as %s', (value, written) => expect(csvNumber(value)).toBe(written));
});
