/** What the spend bought: clicks and impressions that always add up over hours and days. */
import type { AccountTraits } from './account-traits.ts';
import { between, Draw } from './random.ts';

export interface Delivery {
  readonly spendMinor: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly linkClicks: number;
  readonly outboundClicks: number;
}

export const NO_DELIVERY: Delivery = {
  spendMinor: 0,
  impressions: 0,
  clicks: 0,
  linkClicks: 0,
  outboundClicks: 0,
};

/** Delivery of one account-day up to a spend on that day, in minor units. */
export function deliveryOf(traits: AccountTraits, day: number, spendMinor: number): Delivery {
  if (spendMinor <= 0) return NO_DELIVERY;
  const { seed, index } = traits;
  const daily = between(0.9, 1.14, seed, Draw.clickNoise, index, day);
  const weekly = between(0.88, 1.12, seed, Draw.clickNoise, index, Math.floor(day / 7), 1);
  const costPerClick = traits.baseCpcMinor * daily * weekly;
  const clickRate = between(0.006, 0.018, seed, Draw.clickNoise, index, Math.floor(day / 7), 2);
  const clicks = spendMinor / costPerClick;
  return {
    spendMinor,
    impressions: Math.ceil(clicks / clickRate),
    clicks: Math.floor(clicks),
    linkClicks: Math.floor(clicks * 0.9),
    outboundClicks: Math.floor(clicks * 0.84),
  };
}

export function addDelivery(one: Delivery, other: Delivery): Delivery {
  return combine(one, other, 1);
}

export function subtractDelivery(from: Delivery, other: Delivery): Delivery {
  return combine(from, other, -1);
}

function combine(one: Delivery, other: Delivery, sign: number): Delivery {
  return {
    spendMinor: one.spendMinor + sign * other.spendMinor,
    impressions: one.impressions + sign * other.impressions,
    clicks: one.clicks + sign * other.clicks,
    linkClicks: one.linkClicks + sign * other.linkClicks,
    outboundClicks: one.outboundClicks + sign * other.outboundClicks,
  };
}
