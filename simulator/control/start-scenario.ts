/** Turns the body of a scenario request into an entry of the book. */
import { isInPart } from '../graph/part.ts';
import type { Simulation } from '../simulation.ts';
import { hashedToken, number, oneOf, optional, required, ScenarioRefused, text, type Body } from './body.ts';
import { chooseAccounts } from './choose-accounts.ts';
import { OUTAGE_MODES, SCENARIO_KINDS, type ScenarioEntry, type ScenarioKind } from './scenario.ts';

/** An entry while it is put together: everything but what the book adds. */
type Details = { -readonly [Key in keyof ScenarioEntry]?: ScenarioEntry[Key] };

export interface StartedScenario {
  readonly at: string;
  readonly account_ids: readonly string[];
}

const DEFAULT_WAVE = 12;
const BUCKETS = ['ads_insights', 'ads_management'] as const;

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

const rate = (body: Body, name: string): number => number(body, name, 0, 1) ?? 0;

const DETAILS: Readonly<Record<Exclude<ScenarioKind, 'back_to_normal'>, (body: Body) => Details>> = {
  suspend_one: (body) => ({ disable_reason: number(body, 'disable_reason', 0, 10_000) ?? 1 }),
  ban_wave: (body) => ({ disable_reason: number(body, 'disable_reason', 0, 10_000) ?? 1 }),
  cut_limit: (body) => ({ factor: number(body, 'factor', 0, 100) ?? 0.5 }),
  limit_unreadable: (body) => ({ answer: oneOf(body, 'answer', ['absent', 'rejected']) ?? 'rejected' }),
  throttling(body) {
    const scope = oneOf(body, 'scope', ['account', 'app']) ?? 'account';
    const minutes = number(body, 'regain_minutes', 1, 10_000);
    return {
      scope,
      ...optional('code', number(body, 'code', 1, 100_000)),
      ...optional('subcode', number(body, 'subcode', 0, 10_000_000)),
      ...optional('regain_minutes', minutes ?? (scope === 'account' ? 5 : undefined)),
      ...hashedToken(body),
    };
  },
  usage: (body) => ({
    scope: oneOf(body, 'scope', ['account', 'app', 'app_insights']) ?? 'account',
    percent: required('percent', number(body, 'percent', 0, 1_000)),
    ...optional('bucket', oneOf(body, 'bucket', BUCKETS)),
    ...optional('regain_minutes', number(body, 'regain_minutes', 0, 10_000)),
    ...hashedToken(body),
  }),
  outage: (body) => ({
    mode: oneOf(body, 'mode', OUTAGE_MODES) ?? 'mix',
    rate: number(body, 'rate', 0, 1) ?? 1,
    ...hashedToken(body),
  }),
  faults: (body) => ({
    error_rate: rate(body, 'error_rate'),
    timeout_rate: rate(body, 'timeout_rate'),
    half_open_rate: rate(body, 'half_open_rate'),
    item_error_rate: rate(body, 'item_error_rate'),
    ...optional('seed', number(body, 'seed', 0, 2 ** 31 - 1)),
    ...hashedToken(body),
  }),
  dead_token: (body) => ({
    subcode: number(body, 'subcode', 1, 10_000_000) ?? 460,
    ...hashedToken(body),
  }),
  access_lost: (body) => ({ code: number(body, 'code', 1, 1_000) ?? 100, ...hashedToken(body) }),
  grant: hashedToken,
  close_account: (body) => ({ close_after_ms: number(body, 'close_after_ms', 0, Infinity) ?? 10 * 60_000 }),
  set_status: (body) => ({
    account_status: required('account_status', number(body, 'account_status', 0, 100_000)),
    disable_reason: number(body, 'disable_reason', 0, 10_000) ?? (body['account_status'] === 2 ? 1 : 0),
  }),
  reset_amount_spent: () => ({}),
  delay: (body) => ({ ms: required('ms', number(body, 'ms', 0, 600_000)) }),
};

const FOR_EVERYBODY: readonly ScenarioKind[] = ['outage', 'faults', 'dead_token', 'delay'];
const FOR_NAMED_ONLY: readonly ScenarioKind[] = ['set_status', 'grant'];

function accountsFor(
  simulation: Simulation,
  kind: ScenarioKind,
  body: Body,
  details: Details,
  nowMs: number,
): readonly string[] {
  const isForAll = details.scope !== undefined && details.scope !== 'account';
  if (FOR_EVERYBODY.includes(kind) || isForAll) return [];
  const named = body['account_ids'] === 'all' ? allAccountIds(simulation) : namedAccounts(body);
  for (const id of named) {
    if (simulation.fleet.indexOf(id) === undefined) throw new ScenarioRefused(`There is no account ${id}`);
  }
  if (named.length > 0) return named;
  if (FOR_NAMED_ONLY.includes(kind)) throw new ScenarioRefused(`${kind} needs an account_id`);
  const count = kind === 'ban_wave' ? (number(body, 'count', 1, 100_000) ?? DEFAULT_WAVE) : 1;
  const token = text(body, 'token') ?? '';
  const chosen = chooseAccounts(simulation, nowMs, count, (index) => isInPart(token, index));
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
