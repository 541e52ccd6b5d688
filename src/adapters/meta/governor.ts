import type { AccountId } from '../../domain/account.ts';
import { judgeUsage, pauseUntil, type Usage } from '../../domain/quota.ts';
import type { Pause } from '../../ports/account-source.ts';
import { failure, type MetaFailure } from './failures.ts';
import type { Bucket, UsageReport } from './usage.ts';

/** What a call is about, as far as Meta's limits are concerned; null = no single account (lists, the token itself). */
export interface About {
  accountId: AccountId;
  bucket: Bucket;
  /** How often this is normally read, in milliseconds; a stretched scope is read half as often. */
  everyMs: number;
}

const connectionScopes = ['app', 'token'] as const;
const score = (id: string) => `${id}:score`;
const bucketScope = (id: string, bucket: string) => `${id}:${bucket}`;

/**
 * Keeps one connection within Meta's limits. It hears what the usage headers of every answer and batch item tell, and says
 * before each call whether it may be made. Scopes: `app`, `insights` (of the app), `token`, and per account each bucket and
 * the score. Calls made while Meta blocks lengthen the block, so a stopped scope is never probed.
 */
export class Governor {
  readonly #usage = new Map<string, Usage>();
  readonly #pauses = new Map<string, Pause>();
  readonly #askedAt = new Map<string, number>();
  #fresh: Pause[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Takes note of an answer's usage headers. */
  hear(report: UsageReport, about: About | null, now: number): void {
    if (report.app !== null) this.#note('app', report.app, [], now);
    if (report.insights !== null) {
      this.#note('insights', report.insights.app, [], now);
      if (about !== null)
        this.#note(bucketScope(about.accountId, 'ads_insights'), report.insights.account, [], now);
    }
    if (about === null) return;
    if (report.score !== null)
      this.#note(score(about.accountId), report.score.percent, [report.score.resetMs], now);
    const digits = about.accountId.slice('act_'.length);
    // The key is documented as a business; in practice it is the account. Where it is neither, the worst of all counts.
    const own = report.buckets.filter(({ owner }) => owner === digits);
    for (const { bucket, percent, regainMs } of own.length > 0 ? own : report.buckets)
      this.#note(
        bucketScope(about.accountId, bucket),
        percent,
        regainMs > 0 ? [regainMs] : [],
        now,
        regainMs > 0,
      );
  }

  #note(scope: string, percent: number, toldMs: number[], now: number, isBlocked = false): void {
    this.#usage.set(scope, { percent, heardAt: now });
    if (isBlocked || percent >= 100) this.#pause(scope, `usage ${Math.round(percent)}%`, toldMs, now);
  }

  /** Stops the scope that a throttling error names, for as long as the headers beside it tell, or else as is usual for it. */
  throttled(found: MetaFailure, about: About | null, now: number, report: UsageReport | null = null): void {
    const scope = scopeOf(found, about);
    if (scope === null) return;
    const told = report?.buckets.map(({ regainMs }) => regainMs).filter((ms) => ms > 0) ?? [];
    if (report?.score != null && report.score.percent >= 100) told.push(report.score.resetMs);
    this.#pause(scope, found.detail, told.length > 0 || found.pauseMs === null ? told : [found.pauseMs], now);
  }

  #pause(scope: string, reason: string, toldMs: readonly number[], now: number): void {
    const before = this.#pauses.get(scope);
    const until = pauseUntil(now, toldMs, this.#random());
    if (before !== undefined && before.until >= until) return;
    const pause = { scope, until, reason };
    this.#pauses.set(scope, pause);
    this.#fresh.push(pause);
  }

  /** Why a call must not be made now; null when it may. A call that may is taken as made. */
  holds(about: About | null, now: number): MetaFailure | null {
    for (const scope of connectionScopes) {
      const held = this.#pausedBy(scope, now);
      if (held !== null) return held;
    }
    if (about === null) return null;
    const { accountId, bucket, everyMs } = about;
    const own = bucketScope(accountId, bucket);
    const scopes = [own, score(accountId), ...(bucket === 'ads_insights' ? ['insights'] : [])];
    for (const scope of scopes) {
      const held = this.#pausedBy(scope, now);
      if (held !== null) return held;
    }
    // Ads and limits share a bucket but not a cadence.
    const reading = `${own}:${everyMs}`;
    const askedAt = this.#askedAt.get(reading);
    for (const scope of [...scopes, ...connectionScopes]) {
      const usage = this.#usage.get(scope) ?? null;
      const verdict = judgeUsage(usage, now);
      // One careful call after the silence: what it brings back decides about the next.
      if (verdict === 'go' && usage !== null && usage.percent >= 90)
        this.#usage.set(scope, { ...usage, heardAt: now });
      if (verdict === 'go') continue;
      if (verdict === 'stretch' && (askedAt === undefined || now - askedAt >= 1.9 * everyMs)) continue;
      return held(`${scope} at ${Math.round(usage?.percent ?? 0)}% of Meta's limit`, null);
    }
    this.#askedAt.set(reading, now);
    return null;
  }

  #pausedBy(scope: string, now: number): MetaFailure | null {
    const pause = this.#pauses.get(scope);
    if (pause === undefined) return null;
    if (pause.until > now) return held(`${scope}: ${pause.reason}`, pause.until - now);
    this.#pauses.delete(scope);
    // The percentage that led to the pause is history; the next answer tells anew.
    this.#usage.delete(scope);
    return null;
  }

  /** Takes over what other processes have been told. */
  load(pauses: readonly Pause[]): void {
    for (const pause of pauses)
      if ((this.#pauses.get(pause.scope)?.until ?? 0) < pause.until) this.#pauses.set(pause.scope, pause);
  }

  /** The pauses that came up since the last call of this, for the other processes. */
  takePauses(): Pause[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }
}

function held(why: string, pauseMs: number | null): MetaFailure {
  return { ...failure('held', `left alone: ${why}`), pauseMs };
}

function scopeOf({ remedy, code, subcode }: MetaFailure, about: About | null): string | null {
  switch (remedy) {
    case 'throttle_app':
      return 'app';
    case 'throttle_insights':
      return 'insights';
    case 'throttle_token':
    case 'blocked':
      return 'token';
    case 'throttle_account':
      if (about === null) return 'token';
      if (code === 80000) return bucketScope(about.accountId, 'ads_insights');
      if (code === 80003 || code === 80004 || code === 80014)
        return bucketScope(about.accountId, 'ads_management');
      return subcode === null && code !== 613
        ? bucketScope(about.accountId, about.bucket)
        : score(about.accountId);
    default:
      return null;
  }
}
