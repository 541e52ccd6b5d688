import { expect, test } from 'vitest';
import { parseFailure, type MetaFailure } from './failures.ts';
import { RefusedFields } from './fields.ts';

const at = Date.parse('2026-11-24T12:00:00Z');
const refusal = (field: string): MetaFailure => {
  const message = `(#100) Tried accessing nonexisting field (${field}) on node type (AdAccount)`;
  const failure = parseFailure(400, { error: { code: 100, message } });
  if (failure === null) throw new Error('no failure');
  return failure;
};
const asked = { fields: 'id,account_status,business{id,name},spend_cap', limit: '100' };

test('a refused field is left out for a day, and the read that it failed is worth another try', () => {
  const fields = new RefusedFields();
  expect(fields.leaveOut(asked, at)).toEqual(asked);
  expect(fields.learn(refusal('business'), asked, at)).toMatchObject({ remedy: 'retry', kind: 'transient' });
  expect(fields.leaveOut(asked, at + 23 * 3_600_000)).toEqual({
    fields: 'id,account_status,spend_cap',
    limit: '100',
  });
  expect(fields.leaveOut(asked, at + 24 * 3_600_000)).toEqual(asked);
});

test.each([
  ['what an answer cannot do without', refusal('account_status'), asked],
  ['what was not asked for', refusal('funding_source'), asked],
  ['all that was asked for', refusal('adtrust_dsl'), { fields: 'id,adtrust_dsl' }],
  [
    'another refusal',
    { ...refusal('spend_cap'), detail: '(#100) The ids query parameter is deprecated' },
    asked,
  ],
])('a refusal of %s stays a refusal', (_what, failure, params) => {
  const fields = new RefusedFields();
  expect(fields.learn(failure, params, at)).toBe(failure);
  expect(fields.leaveOut(params, at)).toEqual(params);
});
