import type { AccountSource } from '../../ports/account-source.ts';
import type { Sql } from '../../ports/sql.ts';
import type { Connection } from '../../store/connections.ts';
import { listPauses, savePauses } from '../../store/pauses.ts';

/**
 * Lets all processes know what Meta's limits ask of one: pauses that this source was told are written down, and those of
 * others are handed to it. The app's scopes are common to all connections of a kind, a token's are its own, and an account's
 * are the account's, whoever reads it.
 */
export async function sharePauses(
  sql: Sql,
  connection: Pick<Connection, 'id' | 'kind'>,
  source: AccountSource,
  at: number,
): Promise<void> {
  const name = (scope: string) =>
    scope === 'token'
      ? `token:${connection.id}`
      : scope === 'app' || scope === 'insights'
        ? `${scope}:${connection.kind}`
        : scope;
  const own = new Map(
    [name('token'), name('app'), name('insights')].map((full, n) => [full, scopes[n] ?? '']),
  );
  const known = (await listPauses(sql, at)).flatMap((pause) => {
    const scope = pause.scope.startsWith('act_') ? pause.scope : own.get(pause.scope);
    return scope === undefined ? [] : [{ ...pause, scope }];
  });
  const fresh = source.sharePauses(known);
  await savePauses(
    sql,
    fresh.map((pause) => ({ ...pause, scope: name(pause.scope) })),
    at,
  );
}

const scopes = ['token', 'app', 'insights'];
