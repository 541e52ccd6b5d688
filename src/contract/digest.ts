import { z } from 'zod';
import type { DigestFigures } from '../domain/digest.ts';

const named = { accountId: z.string(), name: z.string().nullable(), vendor: z.string() };

/** What a digest was made of, as it is kept. */
export const digestFigures = z.object({
  day: z.iso.date(),
  until: z.number(),
  vendors: z.array(z.object({ vendor: z.string(), days: z.number(), below: z.number() })),
  lowest: z.array(
    z.object({
      ...named,
      day: z.iso.date(),
      currency: z.string(),
      spendMinor: z.number(),
      limitMinor: z.number(),
    }),
  ),
  died: z.array(z.object({ ...named, at: z.number() })),
  returned: z.array(z.object({ ...named, at: z.number() })),
  connections: z.array(z.object({ connection: z.string(), requests: z.number(), meanMs: z.number() })),
  slowQueries: z.number(),
  audit: z.object({ day: z.iso.date(), accounts: z.number(), within: z.number() }).nullable(),
  channels: z.array(
    z.object({ channel: z.string(), dead: z.number(), waiting: z.number(), isDisabled: z.boolean() }),
  ),
}) satisfies z.ZodType<DigestFigures>;

/** A day as an address names it. */
export const digestDay = z.iso.date();

export interface DigestView {
  figures: DigestFigures;
  /** The days before and after that have a digest. */
  before: string | null;
  after: string | null;
}
