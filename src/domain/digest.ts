import type { AlertWords } from './alert-words.ts';

/** The daily digest: what a day's figures say, in words. */

interface Named {
  accountId: string;
  name: string | null;
  vendor: string;
}

/** What the digest of one local day is made of: the 24 hours until `until` (epoch ms). Amounts are minor units. */
export interface DigestFigures {
  day: string;
  until: number;
  /** Account-days that closed in these hours and had a limit, by vendor; how many stayed below 70% of it. */
  vendors: { vendor: string; days: number; below: number }[];
  /** The ten furthest below, worst first. */
  lowest: (Named & { day: string; currency: string; spendMinor: number; limitMinor: number })[];
  died: (Named & { at: number })[];
  returned: (Named & { at: number })[];
  /** How long Meta took to answer each connection, on average. */
  connections: { connection: string; requests: number; meanMs: number }[];
  /** Statements of the database above 200 ms. */
  slowQueries: number;
  /** Last night's comparison of live figures with closed account-days; null when there was none. */
  audit: { day: string; accounts: number; within: number } | null;
  /** Channels with something given up or late. */
  channels: { channel: string; dead: number; waiting: number; isDisabled: boolean }[];
}

/** One closed account-day against its limit. */
export interface ClosedDay extends Named {
  day: string;
  currency: string;
  spendMinor: number;
  limitMinor: number;
}

const enoughRatio = 0.7;
const mostLowest = 10;
const slowMs = 3000;

/** Sums closed account-days up: by vendor, and the ten furthest below their limit. */
export function judgeDays(days: readonly ClosedDay[]): Pick<DigestFigures, 'vendors' | 'lowest'> {
  const ratio = ({ spendMinor, limitMinor }: ClosedDay) => spendMinor / limitMinor;
  const judged = days.filter(({ limitMinor }) => limitMinor > 0);
  const below = judged.filter((day) => ratio(day) < enoughRatio);
  const vendors = new Map<string, DigestFigures['vendors'][number]>();
  for (const { vendor } of judged) {
    const entry = vendors.get(vendor) ?? { vendor, days: 0, below: 0 };
    vendors.set(vendor, { ...entry, days: entry.days + 1 });
  }
  for (const { vendor } of below) {
    const entry = vendors.get(vendor);
    if (entry !== undefined) vendors.set(vendor, { ...entry, below: entry.below + 1 });
  }
  return {
    vendors: [...vendors.values()].sort(
      (one, other) => other.below - one.below || (one.vendor < other.vendor ? -1 : 1),
    ),
    lowest: below.toSorted((one, other) => ratio(one) - ratio(other)).slice(0, mostLowest),
  };
}

/** Whether a connection's mean is above 3 s. */
export function isSlow({ meanMs }: Pick<DigestFigures['connections'][number], 'meanMs'>): boolean {
  return meanMs > slowMs;
}

/** `Tue, Nov 24` */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(Date.parse(`${day}T00:00:00Z`));
}

/** The digest as a message: the day in a few sentences, then its figures. */
export function digestWords(figures: DigestFigures): AlertWords {
  const { day, vendors, died, returned, connections, slowQueries, audit, channels } = figures;
  const slow = connections.filter(isSlow);
  const sentences = [
    livesWords(died.length, returned.length),
    belowWords(vendors),
    ...(slow.length === 0 ? [] : [`Meta answered slowly on ${counted(slow.length, 'connection')}.`]),
    ...(channels.length === 0 ? [] : [`${counted(channels.length, 'channel')} had trouble.`]),
  ];
  return {
    title: `Daily digest, ${dayWords(day)}`,
    body: sentences.join(' '),
    fields: [
      ...vendors
        .filter(({ below }) => below > 0)
        .map(({ vendor, days, below }) => ({ label: vendor, value: `${below} of ${days} below 70%` })),
      ...slow.map(({ connection, meanMs }) => ({
        label: `Slow: ${connection}`,
        value: secondsWords(meanMs),
      })),
      ...(slowQueries === 0 ? [] : [{ label: 'Slow queries', value: String(slowQueries) }]),
      ...(audit === null ? [] : [{ label: 'Accuracy', value: accuracyWords(audit) }]),
      ...channels.map((channel) => ({ label: channel.channel, value: troubleWords(channel) })),
    ],
  };
}

/** `1 account died, 2 came back.` */
export function livesWords(died: number, returned: number): string {
  if (died === 0 && returned === 0) return 'No account died, none came back.';
  return `${died === 0 ? 'No account' : counted(died, 'account')} died, ${returned === 0 ? 'none' : returned} came back.`;
}

export function belowWords(vendors: DigestFigures['vendors']): string {
  const days = vendors.reduce((sum, vendor) => sum + vendor.days, 0);
  const below = vendors.reduce((sum, vendor) => sum + vendor.below, 0);
  if (days === 0) return 'No account-day with a limit closed.';
  return `${below} of ${counted(days, 'closed account-day')} stayed below 70% of the limit.`;
}

/** A mean in seconds: `3.4 s`. */
export function secondsWords(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function accuracyWords({ accounts, within }: { accounts: number; within: number }): string {
  return `${within} of ${counted(accounts, 'account')} within 2%`;
}

export function troubleWords({ dead, waiting, isDisabled }: DigestFigures['channels'][number]): string {
  const parts = [
    ...(isDisabled ? ['disabled'] : []),
    ...(dead > 0 ? [`${dead} given up`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
  ];
  return parts.join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
