import type { Actor } from '../../domain/permissions.ts';
import { lacksReading, type TokenFacts } from '../../domain/token-life.ts';
import type { AccountSource, Turn } from '../../ports/account-source.ts';
import { findConnection, type Connection } from '../../store/connections.ts';
import { findToken } from '../../store/connection-tokens.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { noSuchConnection } from './no-such-connection.ts';
import { openToken } from './store-token.ts';

/** What a try of a connection brought. Instants are epoch ms: Infinity = never, null = not known. */
export interface Trial {
  state: Connection['state'];
  /** Null when Meta could not be asked; `problem` says why. */
  isAlive: boolean | null;
  problem: string | null;
  kind: string | null;
  scopes: string[] | null;
  expiresAt: number | null;
  dataAccessExpiresAt: number | null;
  /** Accounts on the first page of its list; null when that could not be read. */
  accounts: number | null;
  /** What is missing, and what to do about it. */
  hints: string[];
}

/** Tries a connection as it is stored: its token, and the first page of its accounts. Changes nothing. Throws `Refused`. */
export async function testConnection(
  deps: ConnectionsDeps & { sourceOf(connection: Connection): Promise<AccountSource | null> },
  actor: Actor,
  name: string,
  signal: AbortSignal,
): Promise<Wish<Trial>> {
  mustBeAllowed(actor, 'connections:change');
  const { database, sealer, tokenOffice } = deps;
  const connection = await findConnection(database.sql, { name });
  if (connection === null || connection.kind === 'simulation') return noSuchConnection(connection, name);
  const row = await findToken(database.sql, connection.id);
  const opened = row === null ? null : openToken(sealer, row);
  if (opened?.ok !== true)
    return {
      isDone: false,
      problem: `The token of "${name}" does not open: ${opened?.problem ?? 'there is none'}. Replace it, or bring its key back.`,
    };
  const at = await deps.clock.now();
  const inspected = await tokenOffice.inspect(opened.text, signal);
  const facts = inspected.ok ? inspected.value : null;
  const source = facts?.isValid === false ? null : await deps.sourceOf(connection);
  const list = source === null ? null : await readFirstPage(source, { signal, now: () => at });
  return {
    isDone: true,
    value: {
      state: connection.state,
      isAlive: facts?.isValid ?? null,
      problem: inspected.ok ? (facts?.problem ?? list?.problem ?? null) : inspected.failure.detail,
      kind: facts?.kind ?? null,
      scopes: facts?.scopes ?? null,
      expiresAt: facts?.expiresAt ?? null,
      dataAccessExpiresAt: facts?.dataAccessExpiresAt ?? null,
      accounts: list?.accounts ?? null,
      hints: hintsOf(connection, facts, list?.accounts ?? null, tokenOffice.knowsApp),
    },
  };
}

async function readFirstPage(
  source: AccountSource,
  turn: Turn,
): Promise<{ accounts: number | null; problem: string | null }> {
  const pages = source.listStatuses(turn);
  const first = await pages.next();
  if (first.done) return { accounts: first.value === null ? 0 : null, problem: first.value?.detail ?? null };
  await pages.return(null);
  return { accounts: first.value.readings.length + first.value.failures.length, problem: null };
}

function hintsOf(
  { name, state, businessIds }: Connection,
  facts: TokenFacts | null,
  accounts: number | null,
  knowsApp: boolean,
): string[] {
  const hints: string[] = [];
  if (!knowsApp)
    hints.push(
      'set META_APP_ID and META_APP_SECRET: without them expiries are unknown and nothing is renewed',
    );
  if (facts?.isValid === false) hints.push(`give it a new token: connection replace "${name}"`);
  if (facts !== null && lacksReading(facts)) hints.push('give the system user the permission ads_read');
  if (businessIds.length > 0 && facts?.scopes?.includes('business_management') === false)
    hints.push('its Business Managers cannot be listed without the permission business_management');
  if (facts?.kind === 'USER')
    hints.push("a person's token ends with that person's session: use a system user's");
  if (accounts === 0) hints.push('assign ad accounts to the system user: it reaches none');
  if (state === 'paused') hints.push(`it is paused: connection resume "${name}"`);
  return hints;
}
