import { embeddedSignIn } from '../src/adapters/sign-in/embedded-sign-in.ts';
import type { Actor } from '../src/domain/permissions.ts';
import type { Log } from '../src/ports/log.ts';
import type { SignIn } from '../src/ports/sign-in.ts';
import type { Database } from '../src/ports/sql.ts';

/** Passes every rule. */
export const password = 'violet kettle under 9 stairs';
export const operator: Actor = { role: 'admin', name: 'operator' };

export interface MembersHouse {
  database: Database;
  clock: { now(): Promise<number>; pass(ms: number): void };
  log: Log;
  /** Everything that was logged. */
  lines: unknown[];
  signIn: SignIn;
  /** How often bcrypt was made to work. */
  hashings: { checked: number; made: number };
  config: {
    appUrl: URL;
    apiKey: string | null;
    cronSecret: string | null;
    admin: { email: string; password: string } | null;
  };
  /** Removes everything that members have left behind. */
  empty(): Promise<void>;
}

/** What the verbs about members need, with a clock that stands still and a cheap, counted bcrypt. */
export function membersHouse(database: Database): MembersHouse {
  let now = Date.UTC(2026, 10, 24, 10);
  const lines: unknown[] = [];
  const hashings = { checked: 0, made: 0 };
  const cheap = embeddedSignIn(4);
  const signIn: SignIn = {
    ...cheap,
    verifyPassword(given, hash, email) {
      hashings.checked += 1;
      return cheap.verifyPassword(given, hash, email);
    },
    enter(given, hash, jar) {
      hashings.checked += 1;
      return cheap.enter(given, hash, jar);
    },
    hashPassword(given, email) {
      hashings.made += 1;
      return cheap.hashPassword(given, email);
    },
  };
  const write = (event: string, fields?: Record<string, unknown>) => lines.push({ event, ...fields });
  return {
    database,
    clock: { now: async () => now, pass: (ms) => (now += ms) },
    log: { info: write, warn: write, error: write },
    lines,
    signIn,
    hashings,
    config: { appUrl: new URL('http://localhost:3000'), apiKey: null, cronSecret: null, admin: null },
    async empty() {
      await database.sql`truncate sessions, one_time_links, throttles, audit_log, members cascade`;
    },
  };
}
