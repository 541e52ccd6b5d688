/** What the doctor looks at. Instants are epoch ms, durations ms; null = not known or not there. */
export interface DoctorFacts {
  /** By the database's clock. */
  now: number;
  settings: {
    /** Whether the database is the embedded one, so that this machine also keeps disk and backups. */
    isEmbedded: boolean;
    keyFrom: 'settings' | 'file' | null;
    hasHeartbeat: boolean;
    hasApp: boolean;
    hasBucket: boolean;
    isHttps: boolean;
    isLocal: boolean;
    hasCronSecret: boolean;
  };
  sweepMs: number;
  metricsMs: number;
  /** How far this machine's clock is from the database's. */
  skewMs: number;
  disk: { freeBytes: number; totalBytes: number } | null;
  /** Whether a server answered at APP_URL. */
  isServed: boolean;
  unopened: string[];
  admins: number;
  connections: {
    name: string;
    kind: 'meta' | 'simulation';
    state: string;
    stateReason: string | null;
    found: number;
    readable: number;
    endsAt: number | null;
    scopes: string[] | null;
    renewalFailed: string | null;
    versionWarning: string | null;
  }[];
  accounts: { watched: number; withoutLimit: number };
  cycles: {
    status: number | null;
    daily: number | null;
    metrics: {
      finishedAt: number;
      durationMs: number;
      attempted: number;
      succeeded: number;
      unasked: number;
      meanMs: number | null;
      highestUsagePercent: number | null;
      slowQueries: number;
    } | null;
  };
  pauses: { scope: string; until: number; reason: string }[];
  channels: {
    name: string;
    takesCritical: boolean;
    disabledReason: string | null;
    pausedUntil: number | null;
    lastSentAt: number | null;
    lastError: string | null;
    lastErrorAt: number | null;
  }[];
  deliveries: { oldestDueAt: number | null; dead: number };
  /** The last day (UTC) that snapshots have a place for, as days from today. */
  daysAhead: number | null;
  backups: { newestAt: number | null; provenAt: number | null; isHourly: boolean } | null;
  archiveProblems: string[];
  audit: { accounts: number; within: number } | null;
}

/** `error` stops a promise, `warning` will, `note` is to be known. */
export type Level = 'error' | 'warning' | 'note';

export interface Finding {
  level: Level;
  what: string;
  /** Why it matters. */
  why: string;
  /** What to do. */
  mend: string;
}

/** What a line of the guide says of what it found. */
type Said = Pick<Finding, 'level' | 'what'>;

/** One line of the guide. */
export interface Rule {
  why: string;
  mend: string;
  /** What was found, each a line; nothing = well. */
  look(facts: DoctorFacts): Said[];
}

export const error = (what: string): Said => ({ level: 'error', what });
export const warning = (what: string): Said => ({ level: 'warning', what });
export const note = (what: string): Said => ({ level: 'note', what });
export const isReal = ({ connections }: DoctorFacts): boolean =>
  connections.some(({ kind }) => kind === 'meta');

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** In words: how long ago or how long still. */
export function span(ms: number): string {
  const abs = Math.abs(ms);
  if (abs < 2 * minuteMs) return `${Math.round(abs / 1000)} s`;
  if (abs < 2 * hourMs) return `${Math.round(abs / minuteMs)} min`;
  return abs < 2 * dayMs ? `${Math.round(abs / hourMs)} h` : `${Math.round(abs / dayMs)} days`;
}
