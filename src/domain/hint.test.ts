import { expect, test } from 'vitest';
import { hintOf } from './hint.ts';

const status = { id: '1122334455', account_status: 2, disable_reason: 1, business: '700100200300400' };
const ad = { object_id: '9988776655', object_type: 'ad', changed_fields: ['effective_status'] };

test.each([
  ['application', '123456789012345', 'ad_account', status, 'act_1122334455'],
  ['application', '123456789012345', 'ad_account', { id: 1122334455 }, 'act_1122334455'],
  ['application', '123456789012345', 'ad_account', { id: 'act_7' }, 'act_7'],
  ['ad_account', '1122334455', 'field_changed', ad, 'act_1122334455'],
  ['ad_account', '1122334455', 'effective_status', undefined, 'act_1122334455'],
  ['ad_account', '1122334455', 'with_issues_ad_objects', { id: '5' }, 'act_1122334455'],
  ['ad_account', '1122334455', 'in_process_ad_objects', null, 'act_1122334455'],
])('%s %s %s %j hints at %s', (topic, entryId, field, value, accountId) => {
  expect(hintOf({ topic, entryId, field, value })).toEqual({ accountId, reason: field });
});

test.each([
  ['ad_account', '1122334455', 'creative_fatigue', {}],
  ['ad_account', '1122334455', 'ad_account', status],
  ['ad_account', '', 'field_changed', ad],
  ['ad_account', '1122334455 or 1=1', 'field_changed', ad],
  ['application', '1122334455', 'ad_account', {}],
  ['application', '1122334455', 'ad_account', 'act_1'],
  ['application', '1122334455', 'ad_account', { id: '1'.repeat(21) }],
  ['application', '1122334455', 'field_changed', status],
  ['page', '1122334455', 'field_changed', ad],
])('%s %s %s %j hints at nothing', (topic, entryId, field, value) => {
  expect(hintOf({ topic, entryId, field, value })).toBeNull();
});
