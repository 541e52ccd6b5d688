import type { Severity } from './alert.ts';

/** How long tokens live and what follows from it. Instants are epoch ms: Infinity = never, null = not known. */

/** What Meta tells of a token. A list or text that it did not tell is null. */
export interface TokenFacts {
  /** False once Meta refuses it; `problem` then says why and what to do, without the token. */
  isValid: boolean;
  problem: string | null;
  appId: string | null;
  /** Meta's word for whose it is: `SYSTEM_USER`, `USER`, … */
  kind: string | null;
  scopes: string[] | null;
  expiresAt: number | null;
  /** When reading ends although the token lives on. */
  dataAccessExpiresAt: number | null;
}

export type Expiries = Pick<TokenFacts, 'expiresAt' | 'dataAccessExpiresAt'>;

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const warnDays = [14, 7, 3, 1] as const;
const renewDays = 20;

/** How close an expiry is that people are told of, in days before it. */
export type WarnLevel = (typeof warnDays)[number];

/** The end of reading: the earlier expiry. One that is not known is left out, unless the other says never. */
export function firstExpiry({ expiresAt, dataAccessExpiresAt }: Expiries): number | null {
  const [one, other] = [expiresAt, dataAccessExpiresAt];
  if (one === null || other === null) {
    const told = one ?? other;
    return told === Infinity ? null : told;
  }
  return Math.min(one, other);
}

/** The level that an expiry has reached; null while it is far, never or unknown. After the expiry it stays the last one. */
export function warnLevelOf(expiry: number | null, now: number): WarnLevel | null {
  if (expiry === null) return null;
  return warnDays.findLast((days) => now >= expiry - days * dayMs) ?? null;
}

export function severityOfLevel(level: WarnLevel): Severity {
  return level === 14 ? 'warning' : 'critical';
}

// A little less than a day: a check that comes some seconds early must not be put off till tomorrow.
const betweenRenewalsMs = 20 * hourMs;

/** Whether to exchange the token now: only a system user's that will end, and only while it still lives. */
export function isRenewalDue(
  token: Expiries & { kind: string | null; triedAt: number | null },
  now: number,
): boolean {
  const { kind, expiresAt, triedAt } = token;
  const expiry = firstExpiry(token);
  if (kind !== 'SYSTEM_USER' || expiry === null || expiresAt === null || !Number.isFinite(expiresAt))
    return false;
  if (now >= expiresAt || now < expiry - renewDays * dayMs) return false;
  return triedAt === null || now - triedAt >= betweenRenewalsMs;
}

/** When to look at the token again: a day later, or sooner at the next moment that changes what is to be done. */
export function nextCheckAt(expiries: Expiries, checkedAt: number): number {
  const expiry = firstExpiry(expiries);
  if (expiry === null) return checkedAt + dayMs;
  const moments = [renewDays, ...warnDays, 0].map((days) => expiry - days * dayMs);
  return Math.min(checkedAt + dayMs, ...moments.filter((moment) => moment > checkedAt));
}

/** Whether the token is known to lack the one permission without which nothing can be read. */
export function lacksReading({ scopes }: Pick<TokenFacts, 'scopes'>): boolean {
  return scopes !== null && !scopes.includes('ads_read');
}

const toDo: Readonly<Record<number, string>> = {
  458: 'authorise the app again',
  459: 'log in at facebook.com and pass the security check',
  463: 'it was not renewed in time: make a new token',
  464: 'confirm the profile at facebook.com',
  483: 'authorise the app again',
  492: 'give the person the role in the business back',
};

/** What the operator does about a refused token, by Meta's subcode of error 190. */
export function tokenRemedy(subcode: number | null): string {
  return (subcode === null ? undefined : toDo[subcode]) ?? 'make a new token';
}
