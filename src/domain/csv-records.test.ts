import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvRecords } from './csv-records.ts';

function parse(...pieces: string[]): (string | null)[][] {
  const records = new CsvRecords();
  const all = pieces.flatMap((piece) => records.push(piece));
  records.end();
  return all;
}

describe('CSV', () => {
  test.each([
    ['a,b\n', [['a', 'b']]],
    ['\n', [[null]]],
    ['1,,""\n', [['1', null, '']]],
    ['"a ""quoted"" b"\n', [['a "quoted" b']]],
    [
      '"two\nlines","a,b"\n3,4\n',
      [
        ['two\nlines', 'a,b'],
        ['3', '4'],
      ],
    ],
    ['"""",""""""\n', [['"', '""']]],
  ])('%j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each(['a', '"a', '"a"', 'a,b', '"a""\n', 'a\n"'])('%j is cut short', (text) => {
    expect(() => parse(text)).toThrow('within a record');
  });

  test.each(['a"b\n', '"a"b\n'])('%j is refused', (text) => {
    expect(() => parse(text)).toThrow('quote');
  });

  test('any fields come back through any cut', () => {
    const field = fc.option(fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', 'é', ' ') }), {
      nil: null,
    });
    const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, size) => {
        const line = (row: (string | null)[]) =>
          `${row.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
        const text = rows.map(line).join('');
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
          text.slice(n * size, (n + 1) * size),
        );
        expect(parse(...pieces)).toEqual(rows);
      }),
      { numRuns: 2_000 },
    );
  });
});
