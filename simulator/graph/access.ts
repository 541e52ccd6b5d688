/** Whether an account may be read now: counted quotas, throttling by scenario, access taken away. */
import { viewAccount, type AccountView, type Simulation } from '../simulation.ts';
import { countAds } from './ads-edge.ts';
import type { Call } from './call.ts';
import { accessNotGranted, noSuchObject, throttled } from './errors.ts';
import type { Bucket } from './usage.ts';

const SCORE_SUBCODE = 2446079;
const ACCOUNT_CALLS_SUBCODE = 1487742;
const APP_INSIGHTS_SUBCODES: readonly number[] = [1504022, 1504039];

/** The account behind `act_<digits>`, or the protocol's error when it cannot be seen. */
export function openAccount(call: Call, node: string): AccountView {
  const { simulation, nowMs } = call;
  const accountId = node.slice('act_'.length);
  const index = simulation.fleet.indexOf(accountId);
  if (index === undefined) throw noSuchObject(node);
  const lost = simulation.book.holdingFor('access_lost', nowMs, accountId);
  if (lost) throw lost.code === 200 || lost.code === 10 ? accessNotGranted(lost.code) : noSuchObject(node);
  return viewAccount(simulation, index, nowMs);
}

/** Counts a call against its buckets and throws when one of them is exhausted or throttled. */
export function spendCalls(
  call: Call,
  account: AccountView,
  buckets: readonly Bucket[],
): Record<string, string> {
  const { simulation, nowMs } = call;
  const { accountId } = account.traits;
  const activeAds = countAds(account, ['ACTIVE']);
  for (const bucket of buckets) {
    simulation.usage.countAccount(accountId, bucket, nowMs);
    refuseThrottled(simulation, accountId, bucket, activeAds, nowMs);
    simulation.usage.enforce(accountId, bucket, activeAds, nowMs);
  }
  const headers = simulation.usage.accountHeaders(accountId, activeAds, nowMs);
  if (!buckets.includes('ads_insights')) return headers;
  const load = { app_id_util_pct: 0, acc_id_util_pct: 0, ads_api_access_tier: simulation.usage.tier };
  return { ...headers, 'X-FB-Ads-Insights-Throttle': JSON.stringify(load) };
}

/** Throws while the whole app is throttled; insights-only throttling leaves other calls alone. */
export function refuseThrottledApp({ book }: Simulation, nowMs: number, isInsights: boolean): void {
  const entry = book.holdingFor('throttling', nowMs);
  if (!entry) return;
  const isInsightsOnly = entry.subcode !== undefined && APP_INSIGHTS_SUBCODES.includes(entry.subcode);
  if (isInsightsOnly && !isInsights) return;
  const usage = { call_count: 103, total_time: 40, total_cputime: 32 };
  throw throttled(entry.code ?? 4, entry.subcode, { 'X-App-Usage': JSON.stringify(usage) });
}

function refuseThrottled(
  { book, usage }: Simulation,
  accountId: string,
  bucket: Bucket,
  activeAds: number,
  nowMs: number,
): void {
  const entry = book.holdingFor('throttling', nowMs, accountId);
  if (!entry) return;
  const bucketCode = bucket === 'ads_insights' ? 80000 : 80004;
  const code = entry.code ?? bucketCode;
  if ((code === 80000 || code === 80004) && code !== bucketCode) return;
  const subcode = entry.subcode ?? (code === 613 ? ACCOUNT_CALLS_SUBCODE : SCORE_SUBCODE);
  throw throttled(
    code,
    subcode,
    usage.accountHeaders(accountId, activeAds, nowMs, entry.regain_minutes ?? 5),
  );
}
