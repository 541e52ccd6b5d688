import { randomBytes } from 'node:crypto';
import { aesGcmSealer } from '../../adapters/sealing/aes-gcm.ts';
import { settingsKeys } from '../../adapters/sealing/key-ring.ts';
import type { Failure } from '../../domain/observation.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { TokenFacts } from '../../domain/token-life.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Database } from '../../ports/sql.ts';
import { ManualClock } from '../../../tests/manual-clock.ts';

export const admin: Actor = { role: 'admin', name: 'owner@example.com' };
export const signal = new AbortController().signal;
export const dayMs = 86_400_000;
export const startAt = Date.UTC(2026, 10, 24, 10);

/** A system user's token of which all is known and that never ends. */
export const lasting: TokenFacts = {
  isValid: true,
  problem: null,
  appId: '123456789012345',
  kind: 'SYSTEM_USER',
  scopes: ['ads_read', 'business_management'],
  expiresAt: Infinity,
  dataAccessExpiresAt: Infinity,
};

export const trouble = (kind: Failure['kind'], detail: string): Failure => ({
  kind,
  detail,
  code: null,
  subcode: null,
  traceId: null,
  pauseMs: null,
});

/** What the verbs need, with a clock that stands still and an office that knows the tokens it was told of. */
export function connectionsHouse(database: Database, sealer?: Sealer) {
  const clock = new ManualClock(startAt);
  const tokens = new Map<string, TokenFacts | Failure>();
  const lines: { event: string; level: string }[] = [];
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) =>
    void lines.push({ level, event, ...fields });
  const office = {
    knowsApp: true,
    inspected: [] as string[],
    renewed: [] as string[],
    /** Answers the next renewal. */
    exchange: (_token: string): string | Failure => trouble('request', 'no renewal today'),
    inspect(token: string) {
      office.inspected.push(token);
      const known = tokens.get(token) ?? trouble('transient', 'connection failed');
      return Promise.resolve(
        'kind' in known && 'detail' in known
          ? ({ ok: false, failure: known } as const)
          : ({ ok: true, value: known } as const),
      );
    },
    renew(token: string) {
      office.renewed.push(token);
      const answer = office.exchange(token);
      return Promise.resolve(
        typeof answer === 'string'
          ? ({ ok: true, value: answer } as const)
          : ({ ok: false, failure: answer } as const),
      );
    },
  };
  return {
    database,
    clock,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    lines,
    tokens,
    sealer: sealer ?? aesGcmSealer(settingsKeys(randomBytes(32), [])),
    tokenOffice: office,
    /** Removes what a test has left behind. */
    async empty() {
      lines.length = office.inspected.length = office.renewed.length = 0;
      tokens.clear();
      await database.sql`
        truncate connections, connection_tokens, accounts, latest, particulars, transitions, alerts, audit_log, channels
        restart identity cascade`;
      await database.sql`insert into channels (kind, name, lowest_severity) values ('slack', 'all', 'info')`;
    },
  };
}

/** Accounts of a connection, found at the start; `no` from 1 on. */
export async function addAccounts(
  { database }: { database: Database },
  connectionId: number,
  count: number,
): Promise<void> {
  await database.sql`
    with added as (
      insert into accounts (account_id, connection_id, currency, timezone, date_added)
      select 'act_' || (1000 * ${connectionId}::int + n), ${connectionId}::int, 'USD', 'UTC', ${startAt}::timestamptz
      from generate_series(1, ${count}::int) n returning no),
    kept as (insert into latest (account_no, state) select no, 'active' from added)
    insert into reach (connection_id, account_no, found_at) select ${connectionId}::int, no, ${startAt}::timestamptz from added`;
}
