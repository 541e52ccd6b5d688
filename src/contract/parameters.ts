import { z } from 'zod';
import { parseAccountId } from '../domain/account.ts';

const limitRule = 'limit must be a whole number from 1 to 500';

/** How many rows one page holds. */
export const limitParameter = z.coerce
  .number(limitRule)
  .int(limitRule)
  .min(1, limitRule)
  .max(500, limitRule)
  .default(100)
  .meta({ description: 'Rows in one page.' });

/** An instant, as ISO text or as a date that begins at midnight UTC; epoch ms inside. */
export function instantParameter(name: string, description: string) {
  return (
    z
      .union([z.iso.datetime({ offset: true }), z.iso.date()], {
        error: `${name} must be an ISO 8601 instant with its offset (2026-11-24T10:22:00Z) or a date (2026-11-24, from midnight UTC)`,
      })
      // PostgreSQL has no year 0; nothing here is older than 1970.
      .transform((text) => Math.max(0, Date.parse(text)))
      .meta({ description })
  );
}

/** Text to compare names with. PostgreSQL takes no NUL, and no name holds a control character. */
export function textParameter(name: string, description: string) {
  return z
    .string()
    .regex(/^\P{Cc}{1,100}$/u, `${name} must be 1 to 100 characters without control characters`)
    .meta({ description });
}

/** An account id; the error says how one looks. */
export function accountParameter(name: string) {
  return z
    .string()
    .transform((text, context) => {
      const accountId = parseAccountId(text);
      if (accountId !== null) return accountId;
      context.addIssue({ code: 'custom', message: `${name} must be an account id: act_ and 1 to 20 digits` });
      return z.NEVER;
    })
    .meta({ description: 'An account id: `act_` and its digits.' });
}

/** Where the last page ended. `kind` keeps the cursor of one list from being used on another. */
export function writeCursor(kind: string, key: string): string {
  return btoa(`${kind}:${key}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The parameter that takes a `next_cursor` back; `parse` makes the key of it, or null when it is none. */
export function cursorParameter<Key>(kind: string, parse: (key: string) => Key | null) {
  return z
    .string()
    .transform((text, context) => {
      const key = readCursor(kind, text);
      const parsed = key === null ? null : parse(key);
      if (parsed !== null) return parsed;
      context.addIssue({
        code: 'custom',
        message: 'cursor must be the next_cursor of an earlier page of this list',
      });
      return z.NEVER;
    })
    .meta({ description: 'The `next_cursor` of the page before.' });
}

function readCursor(kind: string, text: string): string | null {
  if (!/^[\w-]{1,100}$/.test(text)) return null;
  try {
    const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return plain.startsWith(`${kind}:`) ? plain.slice(kind.length + 1) : null;
  } catch {
    return null;
  }
}
