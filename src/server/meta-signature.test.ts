import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSignedByMeta } from './meta-signature.ts';

/** Meta's own test vector. */
const secret = '0123456789abcdef0123456789abcdef';
const text =
  '{"object":"ad_account","entry":[{"id":"1122334455","time":1795200000,"changes":[{"field":"field_changed","value":{"object_id":"9988776655","object_type":"ad","changed_fields":["effective_status"]}}]}]}';
const body = new TextEncoder().encode(text);
const right = 'sha256=2f8f51d7fb232a830918eb2b62b5015ec9399c18997fc0b9ad90958174576dc4';

test("Meta's test vector is signed right", () => {
  expect(isSignedByMeta(body, right, secret)).toBe(true);
  expect(isSignedByMeta(body, right.toUpperCase().replace('SHA256', 'sha256'), secret)).toBe(true);
});

test.each([
  ['no header', null],
  ['an empty header', ''],
  ['no scheme', right.slice(7)],
  ['another scheme', right.replace('sha256', 'sha1')],
  ['a digit more', `${right}0`],
  ['a digit less', right.slice(0, -1)],
  ['another last digit', `${right.slice(0, -1)}5`],
  ['nothing behind the scheme', 'sha256='],
  ['two signatures', `${right},${right}`],
])('%s is refused', (_, header) => {
  expect(isSignedByMeta(body, header, secret)).toBe(false);
});

test('any other byte and any other secret are refused', () => {
  for (let at = 0; at < body.length; at++) {
    const changed = body.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(isSignedByMeta(changed, right, secret)).toBe(false);
  }
  expect(isSignedByMeta(new TextEncoder().encode(`${text}\n`), right, secret)).toBe(false);
  expect(isSignedByMeta(body, right, `${secret}0`)).toBe(false);
});

test('an empty secret signs nothing', () => {
  const forged = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
  expect(isSignedByMeta(body, forged, '')).toBe(false);
});
