import { expect, test } from 'vitest';
import type { AlertKind, Severity } from './alert.ts';
import { routeAlert, type Reachable } from './routing.ts';

const open: Omit<Reachable, 'channelId'> = {
  ...{ lowestSeverity: 'info', kinds: null, vendorIds: null, vendorId: null, escalationLevel: 0 },
};
const channels = (...list: Partial<Reachable>[]): Reachable[] =>
  list.map((given, n) => ({ channelId: n + 1, ...open, ...given }));
const alert = (
  severity: Severity,
  kind: AlertKind = 'account_suspended',
  vendorIds: (number | null)[] = [],
) => ({ severity, kind, vendorIds });

test('an alert goes to who wants its severity, and to who was told of what it ends', () => {
  const all = channels(
    { lowestSeverity: 'critical' },
    { lowestSeverity: 'warning' },
    { lowestSeverity: 'info' },
  );
  expect(routeAlert(alert('critical'), all)).toEqual([1, 2, 3]);
  expect(routeAlert(alert('warning'), all)).toEqual([2, 3]);
  expect(routeAlert(alert('info'), all)).toEqual([3]);
  expect(routeAlert(alert('info'), all, [1, 9])).toEqual([1, 3]);
});

test('a channel can be kept to some kinds and to some vendors', () => {
  const all = channels({ kinds: ['cpc_jump'] }, { vendorIds: [7, 8] }, {});
  expect(routeAlert(alert('critical', 'account_suspended', [7]), all)).toEqual([2, 3]);
  expect(routeAlert(alert('critical', 'account_suspended', [9, 8]), all)).toEqual([2, 3]);
  expect(routeAlert(alert('critical', 'account_suspended', [null]), all)).toEqual([3]);
  expect(routeAlert(alert('critical', 'token_dead'), all)).toEqual([3]);
});

test("a vendor's own channel hears of suspensions of his accounts, and of nothing else", () => {
  const own = channels({ vendorId: 7 });
  expect(routeAlert(alert('critical', 'account_suspended', [7]), own)).toEqual([1]);
  expect(routeAlert(alert('critical', 'account_suspended', [8]), own)).toEqual([]);
  expect(routeAlert(alert('critical', 'daily_limit_cut', [7]), own)).toEqual([]);
  expect(routeAlert(alert('critical', 'token_dead'), own)).toEqual([]);
});

test('the next contacts hear when their level comes', () => {
  const all = channels({}, { escalationLevel: 1 }, { escalationLevel: 2 });
  expect(routeAlert(alert('critical'), all)).toEqual([1]);
  expect(routeAlert(alert('critical'), all, [], [1, 1])).toEqual([2]);
  expect(routeAlert(alert('critical'), all, [], [1, 9])).toEqual([2, 3]);
});
