import { z } from 'zod';

/** An amount in Meta's minor units of the account's own currency. */
export const money = z.object({ minor: z.int(), currency: z.string() });
export type MoneyShape = z.infer<typeof money>;

/** ISO 8601 in UTC. */
export const isoTime = z.iso.datetime();

/** An instant (epoch ms) as the wire writes it. */
export function toIso(at: number): string {
  return new Date(at).toISOString();
}

/** The same, where there may be no instant. */
export function toIsoOrNull(at: number | null): string | null {
  return at === null ? null : toIso(at);
}

/** An amount (minor units) as the wire writes it; unknown stays null. */
export function toMoney(minor: number | null, currency: string): MoneyShape | null {
  return minor === null ? null : { minor, currency };
}
