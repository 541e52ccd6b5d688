import { alertKindOf } from '../../domain/change-alert.ts';
import { addDays, utcDay, zoneSpans } from '../../domain/calendar.ts';
import { conditionKinds, type ConditionKind } from '../../domain/conditions.ts';
import type { AlertKind } from '../../domain/alert.ts';
import type { Actor } from '../../domain/permissions.ts';
import { kindRuleOf, tunerOf, type AlertRule, type Tuner } from '../../domain/rules.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { listRules, type RuleScope } from '../../store/alert-rules.ts';
import {
  listMetricsCycles,
  listPastAccounts,
  listToldStretches,
  readChanges,
  readHours,
  readSightChanges,
  type PastAccount,
} from '../../store/backtest.ts';
import { curve } from '../../store/conditions.ts';
import { readDays, readSnapshots, readStandings } from '../../store/history.ts';
import { mustBeAllowed } from '../refusal.ts';
import { replayFigures, replaySight, type Past, type Replayed } from './replay-account.ts';
import { findScope, foldWish, parseKind, type Outcome, type RuleWish } from './rule-wish.ts';

/** What a setting would have done. Instants are epoch ms. */
export interface Backtest {
  kind: AlertKind;
  from: number;
  to: number;
  accounts: number;
  firings: number;
  /** Accounts that would have been told of, those with most first. */
  byAccount: { accountId: string; name: string | null; vendor: string; firings: number }[];
  /** The first ones in time. */
  first: { at: number; accountId: string }[];
  /** Slots (for changes: changes) that were judged, and in how many of these nobody could have told. */
  judged: number;
  unknown: number;
  /** Accounts of which nothing is stored for that time. */
  unjudged: number;
}

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  settings: { metricsMs: number };
}

const dayMs = 86_400_000;
const mostDays = 30;
const mostFirst = 20;

/**
 * Plays the last days again as if the wish had counted all the while, beside the rules that stand. One account's past is held
 * at a time. Throws `Refused`.
 */
export async function backtestRule(
  deps: Deps,
  actor: Actor,
  wish: RuleWish & { days?: number | undefined },
): Promise<Outcome<Backtest>> {
  mustBeAllowed(actor, 'alerts:read');
  const { sql } = deps.database;
  const { days = mostDays } = wish;
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    return { isDone: false, problem: `Figures are kept for ${mostDays} days: ask for 1 to ${mostDays}.` };
  const kind = parseKind(wish);
  if (!kind.isDone) return kind;
  if (kindRuleOf(kind.value).about !== 'account')
    return { isDone: false, problem: `${kind.value} is about connections, whose past is not kept.` };
  const scope = await findScope(sql, wish);
  if (!scope.isDone) return scope;
  const rules = await listRules(sql);
  const standing = rules.find((rule) => isOf(rule, kind.value, scope.value)) ?? null;
  const folded = foldWish(kind.value, scope.value, standing, wish);
  if (!folded.isDone) return folded;
  const tuned = tunerOf([...rules.filter((rule) => rule !== standing), folded.value]);
  const to = await deps.clock.now();
  const stretch = { from: to - days * dayMs, to };
  const accounts = await listPastAccounts(sql, scope.value);
  const tally = new Tally(kind.value, stretch, accounts.length);
  if (isCondition(kind.value)) await replayAll(deps, kind.value, accounts, tuned, stretch, tally);
  else await replayChanges(sql, kind.value, accounts, tuned, stretch, tally);
  return { isDone: true, value: tally.result() };
}

function isOf(rule: AlertRule, kind: AlertKind, { vendorId, accountNo }: RuleScope): boolean {
  return rule.kind === kind && rule.vendorId === vendorId && rule.accountNo === accountNo;
}

function isCondition(kind: AlertKind): kind is ConditionKind {
  return (conditionKinds as readonly AlertKind[]).includes(kind);
}

interface Stretch {
  from: number;
  to: number;
}

async function replayAll(
  { database: { sql }, settings: { metricsMs } }: Deps,
  kind: ConditionKind,
  accounts: readonly PastAccount[],
  tuned: Tuner,
  stretch: Stretch,
  tally: Tally,
): Promise<void> {
  const { from, to } = stretch;
  const spanOf = zoneSpans();
  const isSight = kind === 'blind_spot';
  const cycles = (isSight ? await listMetricsCycles(sql, from, to) : []).map(({ startedAt, finishedAt }) => ({
    slotAt: Math.floor(startedAt / metricsMs) * metricsMs,
    finishedAt,
  }));
  const told = isSight ? await listToldStretches(sql, from, to) : [];
  for (const account of accounts) {
    const { no: accountNo, vendorId, connectionId, addedAt } = account;
    const past = await readPast(sql, account, kind, stretch);
    if (past.snapshots.length === 0 && !(isSight && addedAt >= from)) {
      tally.miss();
      continue;
    }
    if (kind === 'blind_spot') {
      const rule = tuned(kind, { vendorId, accountNo });
      const own = told.filter((one) => one.connectionId === connectionId);
      const isTold = (at: number) => own.some((one) => one.from <= at && at < one.to);
      if (rule.isOn)
        tally.add(account, replaySight(past, { addedAt, from }, cycles, metricsMs, isTold, rule));
    } else {
      const rule = tuned(kind, { vendorId, accountNo });
      if (rule.isOn) tally.add(account, replayFigures(past, rule, spanOf));
    }
  }
}

/** What is stored of one account: at most a month of its slots, and what they are compared with. */
async function readPast(
  sql: Sql,
  { no, currency, timezone, hoursFrom, hoursTo }: PastAccount,
  kind: ConditionKind,
  { from, to }: Stretch,
): Promise<Past> {
  const [first, last] = [utcDay(from), utcDay(to)];
  const hours = new Map<string, number[]>();
  if (kind === 'stuck_delivery')
    for (const row of await readHours(sql, no, addDays(first, -curve.days - curve.lag - 1), last)) {
      const day = hours.get(row.day) ?? Array.from({ length: 24 }, () => 0);
      day[row.hour] = row.spendMinor;
      hours.set(row.day, day);
    }
  return {
    ...{ currency, timezone, hours },
    snapshots: await readSnapshots(sql, no, from, to),
    standings: await readStandings(sql, no, from, to),
    sight: await readSightChanges(sql, no, to),
    days: kind === 'cpc_jump' ? await readDays(sql, no, addDays(first, -8), addDays(last, 1)) : [],
    hoursKnown: hoursFrom === null || hoursTo === null ? null : { from: hoursFrom, to: hoursTo },
  };
}

const changesAtOnce = 1000;

async function replayChanges(
  sql: Sql,
  kind: AlertKind,
  accounts: readonly PastAccount[],
  tuned: Tuner,
  stretch: Stretch,
  tally: Tally,
): Promise<void> {
  const byNo = new Map(accounts.map((account) => [account.no, account]));
  for (let afterId = 0; ;) {
    const page = await readChanges(sql, { ...stretch, afterId, most: changesAtOnce });
    for (const { accountNo, at, change } of page) {
      const account = byNo.get(accountNo);
      if (account === undefined) continue;
      const found = alertKindOf(change, account.currency, (of) =>
        tuned(of, { vendorId: account.vendorId, accountNo }),
      );
      tally.add(account, { firings: found === kind ? [at] : [], judged: 1, unknown: 0 });
    }
    const last = page.at(-1);
    if (page.length < changesAtOnce || last === undefined) return;
    afterId = last.id;
  }
}

/** Adds up what would have fired; keeps a number for each account and the first twenty in time. */
class Tally {
  readonly #byAccount = new Map<number, Backtest['byAccount'][number]>();
  #first: Backtest['first'] = [];
  readonly #sum = { judged: 0, unknown: 0, unjudged: 0, firings: 0 };

  constructor(
    readonly kind: AlertKind,
    readonly stretch: Stretch,
    readonly accounts: number,
  ) {}

  miss(): void {
    this.#sum.unjudged++;
  }

  add({ no, accountId, name, vendor }: PastAccount, { firings, judged, unknown }: Replayed): void {
    this.#sum.judged += judged;
    this.#sum.unknown += unknown;
    if (firings.length === 0) return;
    this.#sum.firings += firings.length;
    const line = this.#byAccount.get(no) ?? { accountId, name, vendor, firings: 0 };
    line.firings += firings.length;
    this.#byAccount.set(no, line);
    const more = firings.slice(0, mostFirst).map((at) => ({ at, accountId }));
    this.#first = [...this.#first, ...more].sort((one, other) => one.at - other.at).slice(0, mostFirst);
  }

  result(): Backtest {
    const byAccount = [...this.#byAccount.values()].sort((one, other) => other.firings - one.firings);
    const { kind, stretch, accounts } = this;
    return { kind, ...stretch, accounts, ...this.#sum, byAccount, first: this.#first };
  }
}
