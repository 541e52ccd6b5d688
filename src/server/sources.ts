import { openToken } from '../services/connections/store-token.ts';
import type { AccountSource } from '../ports/account-source.ts';
import type { Log } from '../ports/log.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Database } from '../ports/sql.ts';
import type { Connection } from '../store/connections.ts';
import { findToken } from '../store/connection-tokens.ts';

/** Answers the way into Meta of a connection, or null while there is none: no token, or one that does not open. */
export type SourceOf = (
  connection: Pick<Connection, 'id' | 'name' | 'kind'>,
) => Promise<AccountSource | null>;

interface Kept {
  sealed: Uint8Array;
  token: string | null;
  source: AccountSource | null;
}

/**
 * Sources from the stored tokens. One is kept for as long as its token is the stored one, since it remembers how much was
 * asked; another token, whoever put it there, is met at the next call. Under another key it is still the same token.
 */
export function storedSources(
  parts: { database: Pick<Database, 'sql'>; sealer: Sealer; log: Log },
  build: (token: string) => AccountSource,
  simulated: AccountSource | null,
): SourceOf {
  const kept = new Map<number, Kept>();
  return async ({ id, name, kind }) => {
    if (kind === 'simulation') return simulated;
    const row = await findToken(parts.database.sql, id);
    if (row === null) {
      kept.delete(id);
      return null;
    }
    const before = kept.get(id);
    if (before !== undefined && Buffer.compare(before.sealed, row.sealed) === 0 && before.source !== null)
      return before.source;
    const opened = openToken(parts.sealer, row);
    const token = opened.ok ? opened.text : null;
    if (!opened.ok && before?.source !== null)
      parts.log.error('a stored token does not open', { connection: name, problem: opened.problem });
    const source = token === null ? null : token === before?.token ? before.source : build(token);
    kept.set(id, { sealed: row.sealed, token, source });
    return source;
  };
}
