/** Turns the body of a scenario request into an entry of the book. */
import { tokenHash } from '../graph/tokens.ts';
import type { Simulation } from '../simulation.ts';
import { chooseAccounts } from './choose-accounts.ts';
import { SCENARIO_KINDS, type OutageMode, type ScenarioEntry, type ScenarioKind } from './scenario.ts';

export class ScenarioRefused extends Error {}

type Body = Readonly<Record<string, unknown>>;
/** An entry while it is put together: everything but what the book adds. */
type Details = { -readonly [Key in keyof ScenarioEntry]?: ScenarioEntry[Key] };

export interface StartedScenario {
  readonly at: string;
  readonly account_ids: readonly string[];
}

const OUTAGE_MODES: readonly string[] = [
  'mix',
  'code2',
  'empty503',
  'html502',
  'truncated',
  'hang',
  'null_items',
];
const DEFAULT_WAVE = 12;

/** Starts a scenario at once and answers when, and which accounts it met. */
export function startScenario(simulation: Simulation, body: Body): StartedScenario {
  const kind = kindOf(body);
  const nowMs = simulation.clock.now();
  const at = new Date(nowMs).toISOString();
  if (kind === 'back_to_normal') {
    const accountIds = simulation.book.endAll(nowMs);
    simulation.save();
    return { at, account_ids: accountIds };
  }
  const details = DETAILS[kind](body);
  const accountIds = accountsFor(simulation, kind, body, details, nowMs);
  simulation.book.add({ kind, at, ended_at: null, account_ids: accountIds, ...details });
  simulation.save();
  return { at, account_ids: accountIds };
}

const DETAILS: Readonly<Record<Exclude<ScenarioKind, 'back_to_normal'>, (body: Body) => Details>> = {
  suspend_one: (body) => ({ disable_reason: number(body, 'disable_reason', 0, 10_000) ?? 1 }),
  ban_wave: (body) => ({ disable_reason: number(body, 'disable_reason', 0, 10_000) ?? 1 }),
  cut_limit: (body) => ({ factor: number(body, 'factor', 0, 100) ?? 0.5 }),
  limit_unreadable: (body) => ({ answer: oneOf(body, 'answer', ['absent', 'rejected']) ?? 'rejected' }),
  throttling: (body) => ({
    ...optional('code', number(body, 'code', 1, 100_000)),
    ...optional('subcode', number(body, 'subcode', 1, 10_000_000)),
    scope: oneOf(body, 'scope', ['account', 'app']) ?? 'account',
    regain_minutes: number(body, 'regain_minutes', 1, 10_000) ?? 5,
  }),
  outage: (body) => ({
    mode: oneOf<OutageMode>(body, 'mode', OUTAGE_MODES) ?? 'mix',
    rate: number(body, 'rate', 0, 1) ?? 1,
  }),
  dead_token: (body) => ({
    subcode: number(body, 'subcode', 1, 10_000_000) ?? 460,
    ...optional('token_hash', hashed(text(body, 'token'))),
  }),
  access_lost: (body) => ({ code: number(body, 'code', 1, 1_000) ?? 100 }),
  close_account: (body) => ({ close_after_ms: number(body, 'close_after_ms', 0, Infinity) ?? 10 * 60_000 }),
  set_status: (body) => ({
    account_status: required('account_status', number(body, 'account_status', 0, 100_000)),
    disable_reason: number(body, 'disable_reason', 0, 10_000) ?? (body['account_status'] === 2 ? 1 : 0),
  }),
  reset_amount_spent: () => ({}),
  delay: (body) => ({ ms: required('ms', number(body, 'ms', 0, 600_000)) }),
};

const FOR_EVERYBODY: readonly ScenarioKind[] = ['outage', 'dead_token', 'delay'];

function accountsFor(
  simulation: Simulation,
  kind: ScenarioKind,
  body: Body,
  details: Details,
  nowMs: number,
): readonly string[] {
  if (FOR_EVERYBODY.includes(kind) || details.scope === 'app') return [];
  const named = body['account_ids'] === 'all' ? allAccountIds(simulation) : namedAccounts(body);
  for (const id of named) {
    if (simulation.fleet.indexOf(id) === undefined) throw new ScenarioRefused(`There is no account ${id}`);
  }
  if (named.length > 0) return named;
  if (kind === 'set_status') throw new ScenarioRefused('set_status needs an account_id');
  const count = kind === 'ban_wave' ? (number(body, 'count', 1, 100_000) ?? DEFAULT_WAVE) : 1;
  const chosen = chooseAccounts(simulation, nowMs, count);
  if (chosen.length === 0) throw new ScenarioRefused('No account delivers and spends at this moment');
  return chosen;
}

function allAccountIds({ fleet }: Simulation): string[] {
  return fleet.indices.map((index) => fleet.traits(index).accountId);
}

/** Ids with or without `act_`. */
function namedAccounts(body: Body): string[] {
  const list: unknown = body['account_ids'] ?? (body['account_id'] === undefined ? [] : [body['account_id']]);
  if (!Array.isArray(list)) throw new ScenarioRefused('account_ids must be a list');
  return [...new Set(list.map((id: unknown) => String(id).replace(/^act_/, '')))];
}

function kindOf(body: Body): ScenarioKind {
  const kind = SCENARIO_KINDS.find((known) => known === body['kind']);
  if (!kind) throw new ScenarioRefused(`kind must be one of ${SCENARIO_KINDS.join(', ')}`);
  return kind;
}

function number(body: Body, name: string, low: number, high: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw new ScenarioRefused(`${name} must be a number from ${low} to ${high}`);
}

function text(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new ScenarioRefused(`${name} must be a text`);
}

function oneOf<Word extends string>(body: Body, name: string, words: readonly string[]): Word | undefined {
  const value = text(body, name);
  if (value === undefined || words.includes(value)) return value as Word | undefined;
  throw new ScenarioRefused(`${name} must be one of ${words.join(', ')}`);
}

function required(name: string, value: number | undefined): number {
  if (value === undefined) throw new ScenarioRefused(`${name} is required`);
  return value;
}

function optional<Value>(
  name: keyof ScenarioEntry,
  value: Value | undefined,
): Partial<Record<string, Value>> {
  return value === undefined ? {} : { [name]: value };
}

function hashed(token: string | undefined): string | undefined {
  return token === undefined ? undefined : tokenHash(token);
}
