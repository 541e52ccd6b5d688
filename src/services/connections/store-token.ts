import type { TokenFacts } from '../../domain/token-life.ts';
import { nextCheckAt } from '../../domain/token-life.ts';
import type { Opened, Sealer } from '../../ports/sealer.ts';
import type { Sql } from '../../ports/sql.ts';
import { putToken, tokenPurpose, writeTokenFacts } from '../../store/connection-tokens.ts';
import { lockSealing } from '../../store/sealed-rows.ts';

/** The token in a stored row, or why it does not open. */
export function openToken(sealer: Sealer, row: { connectionId: number; sealed: Uint8Array }): Opened {
  return sealer.open(row.sealed, tokenPurpose, String(row.connectionId));
}

/** Seals a token for its row; inside the transaction that writes it. */
export async function sealToken(
  sql: Sql,
  sealer: Sealer,
  connectionId: number,
  token: string,
): Promise<Uint8Array> {
  await lockSealing(sql);
  return sealer.seal(token, tokenPurpose, String(connectionId));
}

/** Gives a connection a token that came from outside, with what is known of it. `fromSettings` null: not from the settings. */
export async function storeToken(
  sql: Sql,
  sealer: Sealer,
  given: {
    connectionId: number;
    token: string;
    fromSettings: Uint8Array | null;
    facts: TokenFacts | null;
    at: number;
  },
): Promise<void> {
  const { connectionId, token, fromSettings, facts, at } = given;
  const sealed = await sealToken(sql, sealer, connectionId, token);
  await putToken(sql, { connectionId, sealed, fromSettings, at });
  if (facts !== null)
    await writeTokenFacts(sql, connectionId, sealed, { facts, at, nextAt: nextCheckAt(facts, at) });
}
