/** What an account is born with: pure draws from (seed, index), never from the time of asking. */
import { DAY_MS } from './calendar.ts';
import { MARKETS, NICHES, type Market } from './markets.ts';
import { minorPerMajor, perDollar, roundAmount } from './money.ts';
import { between, chance, Draw, hash, permutation } from './random.ts';
import type { Business, Vendor } from './vendors.ts';

export type Growth = 'fast' | 'normal' | 'slow' | 'declining';
type LimitAnswer = 'number' | 'unlimited' | 'absent' | 'rejected';

/** Every block of thirty accounts holds these fates once, in a seeded order; the rest are plain. */
const FATES = [
  'fragile',
  'fragile',
  'fragile',
  'fragile',
  'unsettled',
  'reviewed',
  'grace',
  'settling',
  'closing',
  'closed',
  'unlimited',
  'limit_absent',
  'limit_rejected',
  'idle',
  'idle',
  'at_limit',
  'at_limit',
] as const;
export type Fate = (typeof FATES)[number] | 'plain';

const BLOCK = 30;
const GROWTHS: readonly Growth[] = ['fast', 'normal', 'normal', 'normal', 'slow', 'slow', 'declining'];
const FIRST_DAY = Date.UTC(2025, 7, 1) / DAY_MS;
const CREATION_DAYS = 210;
const BASE_HAZARD = 0.004;
const REMEMBERED_ORDERS = 3_000;
const orders = new Map<string, readonly number[]>();

export interface AccountTraits {
  readonly seed: number;
  readonly index: number;
  readonly accountId: string;
  readonly name: string;
  readonly vendor: Vendor;
  readonly business: Business;
  /** Accounts of one block in one Business Manager: what kills one may kill the others. */
  readonly siblingGroup: number;
  readonly market: Market;
  readonly niche: string;
  readonly fate: Fate;
  /** Position among the accounts of the same fate in the block; staggers their cycles. */
  readonly turn: number;
  readonly growth: Growth;
  /** Chance of suspension per day. */
  readonly dailyHazard: number;
  readonly limitAnswer: LimitAnswer;
  /** First daily limit, major units. */
  readonly starterLimit: number;
  /** Demand as a share of the daily limit. */
  readonly appetite: number;
  readonly baseCpcMinor: number;
  readonly createdDay: number;
  /** Size of one top-up of the spend cap in minor units; 0 = the account has no cap. */
  readonly topUpMinor: number;
  /** Share of a top-up that is left when the next one comes. */
  readonly capReserve: number;
  readonly isPrepaid: boolean;
  readonly tasks: readonly string[];
  readonly adCount: number;
}

/** The traits of one account of the world. */
export function accountTraits(seed: number, index: number, vendors: readonly Vendor[]): AccountTraits {
  const block = Math.floor(index / BLOCK);
  const place = (topic: number): number => blockOrder(seed, topic, block)[index % BLOCK] ?? 0;
  const fatePlace = place(Draw.fate);
  const fate: Fate = FATES[fatePlace] ?? 'plain';
  const market = MARKETS[place(Draw.market)] ?? fallbackMarket();
  const vendor = vendorAt(vendors, place(Draw.vendor));
  const businessPlace = hash(seed, Draw.business, index) % vendor.businesses.length;
  const business = vendor.businesses[businessPlace] ?? { id: '0', name: '' };
  const niche = NICHES[hash(seed, Draw.niche, index) % NICHES.length] ?? NICHES[0];
  const rate = perDollar(market.currency);
  const offset = minorPerMajor(market.currency);
  const starterLimit = roundAmount(between(250, 1600, seed, Draw.starter, index) * rate);
  return {
    seed,
    index,
    accountId: accountIdOf(seed, index),
    name: `${market.country}-${niche}-${String(index + 1).padStart(2, '0')}`,
    vendor,
    business,
    siblingGroup: hash(Number(business.id.slice(-9)), block),
    market,
    niche,
    fate,
    turn: FATES.slice(0, fatePlace).filter((other) => other === fate).length,
    growth: GROWTHS[hash(seed, Draw.growth, index) % GROWTHS.length] ?? 'normal',
    dailyHazard: BASE_HAZARD * vendor.risk * between(0.5, 1.5, seed, Draw.hazard, index),
    limitAnswer: limitAnswerOf(fate),
    starterLimit,
    appetite: appetiteOf(seed, index, fate),
    baseCpcMinor: between(0.12, 0.75, seed, Draw.cpc, index) * rate * offset,
    createdDay: FIRST_DAY + (hash(seed, Draw.created, index) % CREATION_DAYS),
    ...capOf(seed, index, starterLimit * offset),
    isPrepaid: chance(seed, Draw.payment, index) < 0.3,
    tasks: chance(seed, Draw.tasks, index) < 0.35 ? ['ANALYZE'] : ['MANAGE', 'ADVERTISE', 'ANALYZE', 'DRAFT'],
    adCount: 6 + (hash(seed, Draw.ads, index) % 42),
  };
}

function capOf(
  seed: number,
  index: number,
  starterMinor: number,
): Pick<AccountTraits, 'topUpMinor' | 'capReserve'> {
  const isCapped = chance(seed, Draw.cap, index) < 0.6;
  return {
    topUpMinor: isCapped ? roundAmount(starterMinor * between(8, 30, seed, Draw.cap, index, 1)) : 0,
    capReserve: between(0.02, 0.3, seed, Draw.cap, index, 2),
  };
}

function appetiteOf(seed: number, index: number, fate: Fate): number {
  if (fate === 'at_limit') return between(1.3, 1.7, seed, Draw.appetite, index);
  return between(0.55, 1.15, seed, Draw.appetite, index);
}

function limitAnswerOf(fate: Fate): LimitAnswer {
  if (fate === 'unlimited') return 'unlimited';
  if (fate === 'limit_absent') return 'absent';
  return fate === 'limit_rejected' ? 'rejected' : 'number';
}

/** The thirty accounts of a block share its orders; remembered, because each account asks for three. */
function blockOrder(seed: number, topic: number, block: number): readonly number[] {
  const key = `${seed} ${topic} ${block}`;
  const known = orders.get(key);
  if (known) return known;
  if (orders.size >= REMEMBERED_ORDERS) orders.clear();
  const order = permutation(BLOCK, seed, topic, block);
  orders.set(key, order);
  return order;
}

function vendorAt(vendors: readonly Vendor[], place: number): Vendor {
  let before = 0;
  for (const vendor of vendors) {
    before += vendor.share;
    if (place < before) return vendor;
  }
  throw new Error('the shares of the vendors must fill a block');
}

function accountIdOf(seed: number, index: number): string {
  // The index in the middle makes two accounts of one world differ whatever the hash does.
  const head = 1 + (hash(seed, Draw.accountId, index) % 899);
  const tail = hash(seed, Draw.accountId, index, 1) % 1_000_000;
  const middle = (index * 7_919 + (hash(seed, Draw.accountId) % 1_000_000)) % 1_000_000;
  return `${head + 100}${String(middle).padStart(6, '0')}${String(tail).padStart(6, '0')}`;
}

function fallbackMarket(): Market {
  return { country: 'US', currency: 'USD', zone: 'America/New_York', zoneId: 7 };
}
