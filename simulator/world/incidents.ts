/** Everything that moves an account's status by itself, as intervals on its own calendar. */
import type { AccountTraits } from './account-traits.ts';
import { DAY_MS } from './calendar.ts';
import { between, chance, Draw, hash } from './random.ts';
import type { Season } from './seasons.ts';
import { Status } from './status.ts';

export interface Incident {
  /** Fractional account-days; `to` is the first moment after it. */
  readonly from: number;
  readonly to: number;
  readonly status: number;
  readonly disableReason: number;
}

/** When the accounts of fates `closing` and `closed` began to close; later blocks a little apart. */
const CLOSING_FROM = Date.UTC(2026, 10, 4) / DAY_MS;
const CLOSED_FROM = Date.UTC(2026, 9, 14) / DAY_MS;
const WIND_DOWN_DAYS = 3;
const TROUBLE_CYCLE_DAYS = 20;
const TROUBLE_DAYS = 12;
const HICCUP_WINDOW_DAYS = 30;

const TROUBLES: Readonly<Record<string, { status: number; isSecond: boolean }>> = {
  unsettled: { status: Status.unsettled, isSecond: false },
  reviewed: { status: Status.riskReview, isSecond: true },
  grace: { status: Status.gracePeriod, isSecond: false },
  settling: { status: Status.pendingSettlement, isSecond: true },
};

/** Worst first: where two incidents overlap, the first of this order is the account's status. */
const RANK: readonly number[] = [
  Status.closed,
  Status.pendingClosure,
  Status.disabled,
  Status.riskReview,
  Status.unsettled,
  Status.gracePeriod,
  Status.pendingSettlement,
];

/** The incidents of an account up to a day, worst first. */
export function incidentsUntil(
  traits: AccountTraits,
  seasons: readonly Season[],
  untilDay: number,
): Incident[] {
  const incidents = [
    ...seasons.flatMap((season, number) => banIncidents(traits, season, number)),
    ...troubles(traits, untilDay),
    ...hiccups(traits, untilDay),
    ...closure(traits),
  ];
  return incidents.sort(
    (one, other) => RANK.indexOf(one.status) - RANK.indexOf(other.status) || one.from - other.from,
  );
}

function banIncidents(traits: AccountTraits, season: Season, number: number): Incident[] {
  const { ban, restored, disableReason, hasReview, hasPaymentTrouble } = season;
  const lead = (low: number, high: number, part: number): number =>
    between(low, high, traits.seed, Draw.warning, traits.index, number, part);
  const found: Incident[] = [{ from: ban, to: restored, status: Status.disabled, disableReason }];
  if (hasReview) {
    found.push({ from: ban - lead(0.1, 0.4, 5), to: ban, status: Status.riskReview, disableReason });
  }
  if (hasPaymentTrouble) {
    const unpaid = ban - lead(0.2, 0.6, 6);
    found.push({ from: unpaid, to: ban, status: Status.unsettled, disableReason: 0 });
    found.push({
      from: unpaid - lead(0.5, 1.5, 7),
      to: unpaid,
      status: Status.gracePeriod,
      disableReason: 0,
    });
  }
  return found.filter((incident) => incident.from > season.start);
}

/** Two accounts of a block share each kind of trouble and relieve each other with a day of overlap. */
function troubles(traits: AccountTraits, untilDay: number): Incident[] {
  const trouble = TROUBLES[traits.fate];
  if (!trouble) return [];
  const shared = hash(traits.seed, Draw.cycle, 1) % TROUBLE_CYCLE_DAYS;
  const phase = shared + (trouble.isSecond ? TROUBLE_CYCLE_DAYS / 2 : 0) + 0.4;
  const first = Math.ceil((traits.createdDay - phase) / TROUBLE_CYCLE_DAYS);
  const found: Incident[] = [];
  for (let from = phase + first * TROUBLE_CYCLE_DAYS; from <= untilDay; from += TROUBLE_CYCLE_DAYS) {
    found.push({ from, to: from + TROUBLE_DAYS, status: trouble.status, disableReason: 0 });
  }
  return found;
}

/** Payments that are in flight for some hours and mean nothing: not every sign is followed by a ban. */
function hiccups(traits: AccountTraits, untilDay: number): Incident[] {
  const { seed, index } = traits;
  const found: Incident[] = [];
  const first = Math.ceil(traits.createdDay / HICCUP_WINDOW_DAYS);
  for (let window = first; window * HICCUP_WINDOW_DAYS <= untilDay; window++) {
    if (chance(seed, Draw.hiccup, index, window) > 0.08 * traits.vendor.risk) continue;
    const from = (window + chance(seed, Draw.hiccup, index, window, 1)) * HICCUP_WINDOW_DAYS;
    const to = from + between(0.1, 0.4, seed, Draw.hiccup, index, window, 2);
    found.push({ from, to, status: Status.pendingSettlement, disableReason: 0 });
  }
  return found;
}

function closure(traits: AccountTraits): Incident[] {
  if (traits.fate !== 'closing' && traits.fate !== 'closed') return [];
  const apart = (Math.floor(traits.index / 30) % 7) * 2 + 0.55;
  if (traits.fate === 'closing') {
    return [{ from: CLOSING_FROM + apart, to: Infinity, status: Status.pendingClosure, disableReason: 0 }];
  }
  const from = CLOSED_FROM + apart;
  const end = from + WIND_DOWN_DAYS;
  return [
    { from, to: end, status: Status.pendingClosure, disableReason: 0 },
    { from: end, to: Infinity, status: Status.closed, disableReason: 7 },
  ];
}
