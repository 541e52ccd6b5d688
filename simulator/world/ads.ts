/** The ads of an account by effective status; rejections pile up before a ban. */
import { hash, Draw } from './random.ts';
import type { AccountHistory } from './history.ts';
import { isIdle } from './spend.ts';

export type AdStatus =
  'ACTIVE' | 'PAUSED' | 'CAMPAIGN_PAUSED' | 'ADSET_PAUSED' | 'PENDING_REVIEW' | 'DISAPPROVED' | 'WITH_ISSUES';

const WARNING_DAYS = 4;
const STOPPED: readonly AdStatus[] = ['PAUSED', 'PAUSED', 'CAMPAIGN_PAUSED', 'ADSET_PAUSED'];

/** One entry for each ad that is neither deleted nor archived, in the order of their ids. */
export function adsOnDay(history: AccountHistory, day: number): AdStatus[] {
  const { traits } = history;
  const { seed, index, adCount } = traits;
  const rejected = rejectedOnDay(history, day);
  const isResting = traits.fate === 'idle' && isIdle(traits, day);
  return Array.from({ length: adCount }, (_, ad): AdStatus => {
    // Rejections take the newest ads first; the first ad always stays as it is.
    if (ad >= adCount - rejected && ad > 0) return 'DISAPPROVED';
    const draw = hash(seed, Draw.ads, index, ad, Math.floor(day / 5)) % 100;
    if (draw < 2) return 'WITH_ISSUES';
    if (draw < 5) return 'PENDING_REVIEW';
    const isRunning = ad === 0 || draw < 65;
    return isRunning && !isResting ? 'ACTIVE' : (STOPPED[draw % STOPPED.length] ?? 'PAUSED');
  });
}

/** How many ads stand rejected on a day. */
export function rejectedOnDay(history: AccountHistory, day: number): number {
  const { seed, index, adCount } = history.traits;
  const usual = hash(seed, Draw.adsDay, index, Math.floor(day / 6)) % 3;
  const ban = history.seasons.find((season) => season.ban >= day && season.ban - day <= WARNING_DAYS)?.ban;
  if (ban === undefined || hash(seed, Draw.adsDay, index, Math.floor(ban)) % 10 < 3) return usual;
  const closeness = WARNING_DAYS + 1 - Math.floor(ban - day);
  return Math.min(adCount - 1, usual + Math.ceil((closeness * adCount) / 14));
}

/** The id of an account's n-th ad. */
export function adId(accountId: string, ad: number): string {
  return `12021${accountId.slice(-9)}${String(ad).padStart(4, '0')}`;
}
