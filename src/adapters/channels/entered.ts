// What an operator entered for a channel, checked without ever repeating it: most of it is secret.
import { z } from 'zod';

/** The settings, or what is wrong with them in one line. */
export function readEntered<T>(
  schema: z.ZodType<T>,
  entered: unknown,
): { ok: true; settings: T } | { ok: false; problem: string } {
  const parsed = schema.safeParse(entered);
  if (parsed.success) return { ok: true, settings: parsed.data };
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    // The name of an unknown setting may be a secret that was pasted into the wrong place.
    if (issue.code === 'unrecognized_keys')
      return 'there is a setting that this kind of channel does not have';
    return path === '' ? 'the settings must be a JSON object' : `${path} ${issue.message}`;
  });
  return { ok: false, problem: problems.join('; ') };
}

/** A text of the given shape; `says` completes "botToken …". */
export function shaped(shape: RegExp, says: string): z.ZodString {
  return z.string({ error: says }).regex(shape, says);
}

/** Enough of an address to tell it from another: its host and the last characters of its path. */
export function shownAddress(address: string): string {
  const { hostname, pathname, search } = new URL(address);
  const tail = (pathname + search).slice(-3);
  return pathname.length + search.length > 12 ? `${hostname}/…${tail}` : hostname;
}
