import { isRenewalDue, nextCheckAt } from '../../domain/token-life.ts';
import { claimChecks, findToken, writeTokenFacts } from '../../store/connection-tokens.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { judgeExpiry, judgeFacts, judgeOpened, judgeUnopened } from './judge-token.ts';
import { renewToken } from './renew-token.ts';
import { openToken } from './store-token.ts';

const atOnce = 8;
// A check that brought nothing is repeated then.
const againMs = 60 * 60_000;

/**
 * Looks at all tokens, or at those whose time has come: whether they live, when they end, whether to renew or to warn. One
 * token's trouble is its own. Throws only when the database does.
 */
export async function checkTokens(
  deps: ConnectionsDeps,
  which: 'due' | 'all',
  signal: AbortSignal,
): Promise<void> {
  const at = await deps.clock.now();
  const ids = await claimChecks(deps.database.sql, which, { at, againAt: at + againMs });
  for (let n = 0; n < ids.length && !signal.aborted; n += atOnce)
    await Promise.all(ids.slice(n, n + atOnce).map((id) => checkTokenNow(deps, id, signal)));
}

/** Looks at the token of one connection; call it after Meta has refused one. */
export async function checkTokenNow(
  deps: ConnectionsDeps,
  connectionId: number,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, log, sealer, tokenOffice } = deps;
  const row = await findToken(database.sql, connectionId);
  if (row === null) return;
  const opened = openToken(sealer, row);
  if (!opened.ok) return judgeUnopened(deps, row, opened.problem, await clock.now());
  await judgeOpened(deps, row, await clock.now());
  const inspected = await tokenOffice.inspect(opened.text, signal);
  const at = await clock.now();
  if (inspected.ok) {
    const facts = inspected.value;
    await writeTokenFacts(database.sql, connectionId, row.sealed, {
      facts,
      at,
      nextAt: nextCheckAt(facts, at),
    });
    await judgeFacts(deps, row, facts, at);
    if (!facts.isValid) return;
  } else {
    const { kind, detail } = inspected.failure;
    log.warn('token not checked', { connectionId, kind, detail });
  }
  const known = await findToken(database.sql, connectionId);
  if (known === null || known.setAt !== row.setAt) return;
  if (tokenOffice.knowsApp && isRenewalDue({ ...known, triedAt: known.renewalTriedAt }, at))
    await renewToken(deps, known, opened.text, signal);
  const judged = await findToken(database.sql, connectionId);
  if (judged !== null) await judgeExpiry(deps, judged, at);
}
