import { expect, test } from 'vitest';
import { readImport } from './account-import.ts';

const rows = (text: string) => {
  const read = readImport(text);
  if (!read.isDone) throw new Error(read.problem);
  return read.rows;
};
const one = { vendor: 'Agency Alpha', dailyLimit: '249.50', tags: 'us,finance' };

test.each([
  ['commas', 'Account ID,Vendor,Daily limit,Tags\nact_1,Agency Alpha,249.50,"us,finance"\n'],
  [
    'semicolons and decimal commas',
    'account_id;vendor;daily_limit;tags\r\nact_1;Agency Alpha;249,50;us,finance',
  ],
  ['tabs', 'Tags\tAd account\tAgency\tDSL\nus,finance\t1\tAgency Alpha\t249.50\n'],
  ['a byte order mark', '\uFEFFid,vendor,limit,tags\nact_1,Agency Alpha,249.50,"us,finance"'],
  ['no names', '\'act_1,Agency Alpha,249.50,"us,finance"'],
  [
    'quotes all over',
    '"account id";"vendor";"daily limit";"tags"\n"act_1";"Agency Alpha";"249,50";"us,finance"\n',
  ],
])('a list with %s is read', (_what, text) => {
  expect(rows(text)).toMatchObject([{ ...one, accountId: 'act_1', problem: null }]);
});

test('an empty cell leaves things as they are, a word takes them away, an empty row is none', () => {
  expect(rows('id,vendor,limit,tags\nact_1,,none,none\n,,,\nact_2,"",,\n')).toEqual([
    {
      line: 2,
      given: 'act_1',
      accountId: 'act_1',
      vendor: null,
      dailyLimit: 'none',
      tags: 'none',
      problem: null,
    },
    {
      line: 4,
      given: 'act_2',
      accountId: 'act_2',
      vendor: null,
      dailyLimit: null,
      tags: null,
      problem: null,
    },
  ]);
});

test.each([
  ['act_x,,', /no account id: write it like/],
  ['1.23E+15,,', /rounded this id/],
  [',Agency Alpha,', /id is missing/],
  ['act_1,,"1,250"', /“1,250” is no amount/],
  ['act_1,,$250', /is no amount/],
  ['act_1,,-5', /is no amount/],
  ['act_9,,250', /Row 2 is about this account/],
])('the row %s says what to do', (row, problem) => {
  expect(rows(`id,vendor,limit\nact_9,,\n${row}\n`).at(-1)?.problem).toMatch(problem);
});

test.each([
  ['name,vendor\nUS-1,Alpha\n', /No column holds account ids/],
  ['id,vendor\n"act_1,Alpha\n', /quotation mark/],
  ['id,vendor\n', /no account in it/],
  ['', /No column holds account ids/],
  [`id\n${Array.from({ length: 2001 }, (_, no) => `act_${no + 1}`).join('\n')}`, /2001 accounts/],
])('%j is refused whole', (text, problem) => {
  expect(readImport(text)).toEqual({ isDone: false, problem: expect.stringMatching(problem) as string });
});

test('columns that nobody knows are named', () => {
  expect(readImport('id,colour\nact_1,red')).toMatchObject({ ignored: ['colour'] });
});
