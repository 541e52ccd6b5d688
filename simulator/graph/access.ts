/** Whether an account may be read now: counted quotas, throttling by scenario, access taken away. */
import { viewAccount, type AccountView, type Simulation } from '../simulation.ts';
import type { ScenarioEntry } from '../control/scenario.ts';
import { operatorBusiness } from '../world/vendors.ts';
import { countAds } from './ads-edge.ts';
import type { Call } from './call.ts';
import { noSuchObject, throttled } from './errors.ts';
import { refuseUnreachable } from './reach.ts';
import type { Bucket, ShownUsage } from './usage.ts';

const SCORE_SUBCODE = 2446079;
const ACCOUNT_CALLS_SUBCODE = 1487742;
const APP_INSIGHTS_SUBCODES: readonly number[] = [1504022, 1504039];
const BUCKET_OF_CODE: Readonly<Record<number, Bucket>> = { 80000: 'ads_insights', 80004: 'ads_management' };

/** The account behind `act_<digits>`, or the protocol's error when the token cannot see it. */
export function openAccount(call: Call, node: string): AccountView {
  const { simulation, nowMs } = call;
  const index = simulation.fleet.indexOf(node.slice('act_'.length));
  if (index === undefined) throw noSuchObject(node);
  refuseUnreachable(call, node, index);
  return viewAccount(simulation, index, nowMs);
}

/** Counts a call against its buckets and throws when one of them is exhausted or throttled. */
export function spendCalls(
  call: Call,
  account: AccountView,
  buckets: readonly Bucket[],
): Record<string, string> {
  const { usage } = call.simulation;
  const { accountId } = account.traits;
  const activeAds = countAds(account, ['ACTIVE']);
  for (const bucket of buckets) {
    usage.countAccount(accountId, bucket, call.nowMs);
    refuseThrottled(call, accountId, bucket, activeAds);
    usage.enforce(accountId, bucket, activeAds, call.nowMs);
  }
  const [shown] = call.simulation.book.holdingFor(['usage'], call.nowMs, { token: call.token, accountId });
  const headers = usage.accountHeaders(accountId, activeAds, call.nowMs, shown && shownUsage(shown));
  const appPercent = shownPercent(call, 'app');
  return {
    ...headers,
    ...(appPercent === undefined ? {} : usage.platformHeaders(call.nowMs, appPercent)),
    ...(buckets.includes('ads_insights') ? insightsLoad(call, shownPercent(call, 'app_insights') ?? 0) : {}),
  };
}

/** What a scenario makes the headers say of the whole app, in percent. */
export function shownPercent(
  { simulation, token, nowMs }: Call,
  scope: 'app' | 'app_insights',
): number | undefined {
  const shown = simulation.book.holdingFor(['usage'], nowMs, { token, accountId: null });
  return shown.find((entry) => entry.scope === scope)?.percent;
}

/** Throws while the whole app or the token is throttled; insights-only throttling leaves other calls alone. */
export function refuseThrottledApp(call: Call, isInsights: boolean): void {
  const { simulation, token, nowMs } = call;
  const [entry] = simulation.book.holdingFor(['throttling'], nowMs, { token, accountId: null });
  if (!entry) return;
  const isInsightsOnly = entry.subcode !== undefined && APP_INSIGHTS_SUBCODES.includes(entry.subcode);
  if (isInsightsOnly && !isInsights) return;
  const usage = { call_count: 103, total_time: 40, total_cputime: 32 };
  throw throttled(entry.code ?? 4, entry.subcode || undefined, {
    ...(isInsightsOnly ? insightsLoad(call, 103) : { 'X-App-Usage': JSON.stringify(usage) }),
    ...regainHeader(simulation, entry),
  });
}

function refuseThrottled(
  { simulation, token, nowMs }: Call,
  accountId: string,
  bucket: Bucket,
  activeAds: number,
): void {
  const [entry] = simulation.book.holdingFor(['throttling'], nowMs, { token, accountId });
  if (!entry) return;
  const code = entry.code ?? (bucket === 'ads_insights' ? 80000 : 80004);
  const onlyBucket = entry.code === undefined ? undefined : BUCKET_OF_CODE[entry.code];
  if (onlyBucket !== undefined && onlyBucket !== bucket) return;
  const subcode = entry.subcode ?? (code === 613 ? ACCOUNT_CALLS_SUBCODE : SCORE_SUBCODE);
  const shown: ShownUsage = {
    regainMinutes: entry.regain_minutes ?? 5,
    ...(onlyBucket === undefined ? {} : { bucket: onlyBucket }),
  };
  const headers = simulation.usage.accountHeaders(accountId, activeAds, nowMs, shown);
  throw throttled(code, subcode || undefined, headers);
}

function shownUsage({ percent, regain_minutes, bucket }: ScenarioEntry): ShownUsage {
  return {
    ...(percent === undefined ? {} : { percent }),
    ...(regain_minutes === undefined ? {} : { regainMinutes: regain_minutes }),
    ...(bucket === undefined ? {} : { bucket }),
  };
}

function insightsLoad({ simulation }: Call, percent: number): Record<string, string> {
  const load = { app_id_util_pct: percent, acc_id_util_pct: 0, ads_api_access_tier: simulation.usage.tier };
  return { 'X-FB-Ads-Insights-Throttle': JSON.stringify(load) };
}

/** What blocks the whole app is told under the id of the business, and only when the scenario says for how long. */
function regainHeader({ fleet, usage }: Simulation, entry: ScenarioEntry): Record<string, string> {
  if (entry.regain_minutes === undefined) return {};
  const told = {
    type: entry.subcode === undefined ? 'ads_management' : 'ads_insights',
    call_count: 103,
    total_cputime: 32,
    total_time: 40,
    estimated_time_to_regain_access: entry.regain_minutes,
    ads_api_access_tier: usage.tier,
  };
  return { 'X-Business-Use-Case-Usage': JSON.stringify({ [operatorBusiness(fleet.seed).id]: [told] }) };
}
