import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { severities } from './alert.ts';
import {
  alertKinds,
  floorMinor,
  isAlertKind,
  kindRuleOf,
  parseThresholds,
  tune,
  tunerOf,
  untuned,
  type AlertRule,
} from './rules.ts';

const all = { kind: 'funds_low', vendorId: null, accountNo: null, isOn: null, severity: null } as const;
const rule = (more: Partial<AlertRule>): AlertRule => ({ ...all, thresholds: {}, ...more });

test('every kind has a default of its own, and every threshold a value within its bounds', () => {
  for (const kind of alertKinds) {
    const { thresholds, severity, isOn } = kindRuleOf(kind);
    expect(untuned(kind, { vendorId: null, accountNo: null })).toEqual({
      ...{ kind, severity, isOn },
      thresholds: Object.fromEntries(Object.entries(thresholds).map(([name, { value }]) => [name, value])),
    });
    const values = Object.fromEntries(Object.entries(thresholds).map(([name, { value }]) => [name, value]));
    expect(parseThresholds(kind, values)).toEqual({ isDone: true, value: values });
  }
  expect(isAlertKind('toString')).toBe(false);
});

test("the account's word goes before its vendor's, that before all's, field by field", () => {
  const rules = [
    rule({ accountNo: 7, thresholds: { hours: 1 } }),
    rule({ vendorId: 3, severity: 'critical', thresholds: { hours: 2, percent: 5 } }),
    rule({ isOn: false, severity: 'info', thresholds: { hours: 3, percent: 6, floor: 9 } }),
    rule({ kind: 'cpc_jump', severity: 'critical', thresholds: { percent: 99 } }),
  ];
  const { isOn, severity, thresholds } = tune(rules, 'funds_low', 3, 7);
  expect({ isOn, severity, thresholds }).toEqual({
    ...{ isOn: false, severity: 'critical' },
    thresholds: { hours: 1, percent: 5, floor: 9, after: 2 },
  });
  expect(tune(rules, 'funds_low', 4, 8).thresholds.hours).toBe(3);
  expect(tune(rules, 'funds_low', null, null).severity).toBe('info');
});

const scope = fc.oneof(
  fc.constant({ vendorId: null, accountNo: null }),
  fc.record({ vendorId: fc.integer({ min: 1, max: 3 }), accountNo: fc.constant(null) }),
  fc.record({ vendorId: fc.constant(null), accountNo: fc.integer({ min: 1, max: 3 }) }),
);
const word = fc.record({
  isOn: fc.option(fc.boolean()),
  severity: fc.option(fc.constantFrom(...severities)),
  thresholds: fc.dictionary(
    fc.constantFrom('hours', 'percent', 'floor', 'after'),
    fc.integer({ min: 1, max: 9 }),
  ),
});
const rules = fc
  .array(
    fc.tuple(fc.constantFrom('funds_low', 'cpc_jump'), scope, word).map(([kind, of, said]) => ({
      ...{ ...of, ...said },
      kind: kind as 'funds_low' | 'cpc_jump',
    })),
    { maxLength: 12 },
  )
  // One word for each scope, as the table keeps it.
  .map((list) => [
    ...new Map(list.map((one) => [`${one.kind} ${one.vendorId} ${one.accountNo}`, one])).values(),
  ]);
const whose = fc.record({
  vendorId: fc.option(fc.integer({ min: 1, max: 3 })),
  accountNo: fc.option(fc.integer({ min: 1, max: 3 })),
});

test('whatever the rules and their order, each field is the narrowest word about it', () => {
  fc.assert(
    fc.property(rules, whose, fc.integer(), (list, { vendorId, accountNo }, turn) => {
      const tuned = tune(list, 'funds_low', vendorId, accountNo);
      const words = [
        list.find((one) => one.kind === 'funds_low' && one.accountNo !== null && one.accountNo === accountNo),
        list.find((one) => one.kind === 'funds_low' && one.vendorId !== null && one.vendorId === vendorId),
        list.find((one) => one.kind === 'funds_low' && one.vendorId === null && one.accountNo === null),
      ];
      const narrowest = <T>(pick: (one: AlertRule) => T | null | undefined, last: T): T =>
        words.map((one) => (one === undefined ? null : pick(one))).find((said) => said != null) ?? last;
      expect(tuned.isOn).toBe(narrowest((one) => one.isOn, true));
      expect(tuned.severity).toBe(narrowest((one) => one.severity, 'warning'));
      for (const [name, value] of Object.entries({ hours: 6, percent: 10, floor: 25, after: 2 }))
        expect(tuned.thresholds).toHaveProperty(
          name,
          narrowest((one) => one.thresholds[name], value),
        );
      const at = list.length === 0 ? 0 : Math.abs(turn) % list.length;
      expect(tune([...list.slice(at), ...list.slice(0, at)], 'funds_low', vendorId, accountNo)).toEqual(
        tuned,
      );
      expect(tunerOf(list)('funds_low', { vendorId, accountNo })).toEqual(tuned);
    }),
  );
});

test.each([
  [25, 'USD', 2500],
  [25, 'JPY', 25],
  [0.5, 'EUR', 50],
  [0.5, 'JPY', 1],
  [0, 'USD', 0],
])('a floor of %d in %s is %d minor units', (major, currency, minor) =>
  expect(floorMinor(major, currency)).toBe(minor),
);

describe('thresholds', () => {
  test.each([
    ['funds_low', {}, {}],
    ['funds_low', { hours: 1.5, floor: 0 }, { hours: 1.5, floor: 0 }],
    ['cpc_jump', { percent: 1000, clicks: 1 }, { percent: 1000, clicks: 1 }],
    ['polling_failing', { percent: 100 }, { percent: 100 }],
  ] as const)('of %s %j are read', (kind, given, value) =>
    expect(parseThresholds(kind, given)).toEqual({ isDone: true, value }),
  );

  test.each([
    ['funds_low', null, 'Give thresholds by name'],
    ['funds_low', [6], 'Give thresholds by name'],
    ['funds_low', 6, 'Give thresholds by name'],
    ['funds_low', { hour: 6 }, 'funds_low has no threshold "hour"; it has hours, percent, floor, after.'],
    ['funds_low', { toString: 6 }, 'no threshold "toString"'],
    ['funds_low', { hours: '6' }, 'hours is a number of hours from 0 to 720.'],
    ['funds_low', { hours: -1 }, 'hours is a number'],
    ['funds_low', { hours: NaN }, 'hours is a number'],
    ['funds_low', { hours: null }, 'hours is a number'],
    ['funds_low', { after: 0 }, 'after is a whole number of slots from 1 to 288.'],
    ['funds_low', { after: 1.5 }, 'after is a whole number'],
    ['funds_low', { floor: Infinity }, "floor is a number of major units of the account's currency"],
    ['polling_failing', { percent: 101 }, 'from 0 to 100.'],
    ['account_suspended', { percent: 1 }, 'account_suspended has no thresholds'],
  ] as const)('of %s %j are refused with what to write', (kind, given, problem) => {
    const parsed = parseThresholds(kind, given);
    expect(parsed.isDone ? '' : parsed.problem).toContain(problem);
  });
});
