import { expect, test } from 'vitest';
import { parseFailure, type Remedy } from './failures.ts';

/** Meta's errors by code, subcode and text, and what follows from each. */
const table: [code: number, subcode: number | null, remedy: Remedy, message?: string][] = [
  [1, null, 'retry'],
  [1, 99, 'retry'],
  [1, null, 'shrink', "Please reduce the amount of data you're asking for, then retry your request"],
  [2, null, 'retry'],
  [3, null, 'config'],
  [4, null, 'throttle_app'],
  [4, 1504022, 'throttle_insights'],
  [4, 1504039, 'throttle_insights'],
  [10, null, 'access'],
  [17, 2446079, 'throttle_account'],
  [17, null, 'throttle_token'],
  [17, 1885172, 'request'],
  [32, null, 'throttle_token'],
  [100, 33, 'access'],
  [100, null, 'request', "(#100) Tried accessing nonexisting field (adtrust_dsl) on node type 'AdAccount'"],
  [100, null, 'access', '(#100) Missing permissions'],
  [100, null, 'config', 'API calls from the server require an appsecret_proof argument'],
  [100, null, 'config', 'Invalid appsecret_proof provided in the API argument'],
  [100, null, 'request', 'The ids query parameter is deprecated in v26.0+.'],
  [100, 1487534, 'shrink'],
  [100, null, 'request', 'Invalid parameter'],
  [102, null, 'token'],
  [102, 463, 'token'],
  [104, null, 'config'],
  [190, null, 'token'],
  [190, 458, 'token'],
  [190, 459, 'token'],
  [190, 460, 'token'],
  [190, 463, 'token'],
  [190, 464, 'token'],
  [190, 467, 'token'],
  [190, 483, 'token'],
  [190, 492, 'token'],
  [200, null, 'access', 'Ad account owner has NOT grant ads_management or ads_read permission'],
  [201, null, 'access'],
  [299, null, 'access'],
  [270, null, 'config'],
  [272, null, 'access'],
  [273, null, 'config'],
  [274, null, 'access'],
  [275, null, 'request'],
  [278, null, 'token'],
  [294, null, 'config'],
  [341, null, 'throttle_app'],
  [368, null, 'blocked'],
  [613, 1487742, 'throttle_account'],
  [613, 1996, 'throttle_app'],
  [613, null, 'throttle_account'],
  [803, null, 'access'],
  [960, null, 'shrink'],
  [2500, null, 'request'],
  [2635, null, 'config'],
  [3018, null, 'request'],
  [80000, 2446079, 'throttle_account'],
  [80003, 2446079, 'throttle_account'],
  [80004, 2446079, 'throttle_account'],
  [80014, 2446079, 'throttle_account'],
  [80001, null, 'throttle_token'],
  [80002, null, 'throttle_token'],
  [80005, null, 'throttle_token'],
  [80006, null, 'throttle_token'],
  [80008, null, 'throttle_token'],
  [80009, null, 'throttle_token'],
  [1404163, null, 'access'],
  [3910001, null, 'retry'],
  [-3, null, 'retry'],
  [777, 99, 'retry'],
  [424242, null, 'unknown'],
];

test.each(table)('%i/%s is %s', (code, error_subcode, remedy, message = 'text') => {
  const error = { message, code, ...(error_subcode === null ? {} : { error_subcode }), fbtrace_id: 'AbC' };
  // The HTTP status is inconsistent at Meta, so it must not matter where there is a code.
  for (const status of [200, 400, 403, 500])
    expect(parseFailure(status, { error })).toMatchObject({
      remedy,
      code,
      subcode: error_subcode,
      traceId: 'AbC',
    });
});

test.each([
  [500, undefined, 'retry'],
  [502, '<html>Bad Gateway</html>', 'retry'],
  [503, '', 'retry'],
  [408, undefined, 'retry'],
  [429, undefined, 'retry'],
  [404, undefined, 'unknown'],
  [400, { error: 'text instead of an object' }, 'unknown'],
  [200, { error: { message: 'no code' } }, 'retry'],
] as const)('HTTP %i with %j and no readable error is %s', (status, body, remedy) => {
  expect(parseFailure(status, body)).toMatchObject({ remedy, kind: 'transient' });
});

test('is_transient wins over everything, and numbers may come as text', () => {
  const error = { message: 'x', code: '100', error_subcode: '33' };
  expect(parseFailure(400, { error })).toMatchObject({ remedy: 'access', code: 100, subcode: 33 });
  expect(parseFailure(400, { error: { ...error, is_transient: true } })).toMatchObject({ remedy: 'retry' });
});

test('an answer without an error is no failure', () => {
  expect(parseFailure(200, { data: [] })).toBeNull();
});

test.each([
  ['token', 190, null],
  ['permission', 200, null],
  ['rate', 80004, 600_000],
  ['rate', 17, 300_000],
  ['rate', 4, 300_000],
  ['rate', 613, 3_600_000],
  ['policy', 368, 3_600_000],
  ['config', 2635, null],
  ['transient', 2, null],
] as const)('the house hears "%s" of code %i, with a pause of %s ms', (kind, code, pauseMs) => {
  expect(parseFailure(400, { error: { message: 'x', code } })).toMatchObject({ kind, pauseMs });
});

test('the code is named once, whether or not Meta begins with it', () => {
  for (const message of ['Missing permissions', '(#200) Missing permissions'])
    expect(parseFailure(403, { error: { message, code: 200 } })?.detail).toBe('(#200) Missing permissions');
});

test('no token gets into the words', () => {
  const message = 'Error validating EAAGm0PX4ZCpsBAKZC at https://x/?access_token=secret1&b=1';
  expect(parseFailure(400, { error: { message, code: 190 } })?.detail).toBe(
    '(#190) Error validating [token] at https://x/?access_token=[token]&b=1',
  );
});

test('a long message is cut before the word that would be cut in two', () => {
  const message = `${'long '.repeat(58)}a-token-of-another-shape and more`;
  const detail = parseFailure(400, { error: { message, code: 190 } })?.detail;
  expect(detail).toBe(`(#190) ${'long '.repeat(58)}…`);
});
