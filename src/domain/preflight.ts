/** Whether a real connection is ready to be lived by: the gates that were set for the cut-over, each with its reason. */

import type { Expiries } from './token-life.ts';
import { firstExpiry } from './token-life.ts';

/** A closed day of one account: what ArbHub has, and what Meta says of it now. Minor units. */
export interface CheckedDay {
  accountId: string;
  day: string;
  currency: string;
  oursMinor: number;
  /** Null when Meta did not tell it. */
  metaMinor: number | null;
}

/** What the gates decide from. Durations are ms, instants epoch ms; null = not known. */
export interface PreflightFacts {
  now: number;
  metricsMs: number;
  connection: { name: string; state: string; stateReason: string | null };
  token: Expiries & {
    isAlive: boolean | null;
    problem: string | null;
    lacksReading: boolean;
  };
  accounts: { found: number; readable: number; monitored: number; withoutLimit: number };
  days: CheckedDay[];
  /** The last finished cycle of figures. */
  cycle: { finishedAt: number; durationMs: number; attempted: number; succeeded: number } | null;
  highestUsagePercent: number | null;
  versionWarning: string | null;
  /** To read the board's data, and to have a page of the running server; null when no server answers at APP_URL. */
  board: { readMs: number; pageMs: number | null };
  channels: { critical: number; sentOnce: number };
  deadDeliveries: number;
}

/** `warn` is to be known, `stop` is a no-go. */
type Verdict = 'go' | 'warn' | 'stop';

export interface Gate {
  gate: string;
  verdict: Verdict;
  /** What was found. */
  found: string;
  /** What to do about it; null when nothing is to be done. */
  remedy: string | null;
}

const trialAccounts = 5;
const limitsUnknownRatio = 0.1;
const apartRatio = 0.05;
/** Below this much money a difference is rounding, in any currency. */
const floorMinor = 100;
const longestCycleMs = 45_000;
const longestBoardMs = 3000;
const lowestRate = 0.95;
const dayMs = 86_400_000;
const lastDays = 7;
const renewDays = 30;
const highUsagePercent = 75;

const go = (found: string): Omit<Gate, 'gate'> => ({ verdict: 'go', found, remedy: null });
const warn = (found: string, remedy: string): Omit<Gate, 'gate'> => ({ verdict: 'warn', found, remedy });
const stop = (found: string, remedy: string): Omit<Gate, 'gate'> => ({ verdict: 'stop', found, remedy });
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const percent = (ratio: number): string => `${Math.round(ratio * 1000) / 10}%`;

/** Every gate, in the order in which they are worth mending. */
const gates: readonly { gate: string; judge: (facts: PreflightFacts) => Omit<Gate, 'gate'> }[] = [
  {
    gate: 'connection works',
    judge: ({ connection: { state, stateReason } }) =>
      state === 'ok'
        ? go('is read')
        : stop(`${state}${stateReason === null ? '' : `: ${stateReason}`}`, 'docs/connections.md, States'),
  },
  {
    gate: 'token lives and may read',
    judge({ token }) {
      if (token.isAlive === false)
        return stop(token.problem ?? 'Meta refuses it', 'connection replace, with a new token');
      if (token.lacksReading)
        return stop(
          'ads_read is missing',
          'give the system user the permission ads_read, then make a new token',
        );
      if (token.isAlive === null)
        return stop(token.problem ?? 'Meta could not be asked', 'try again; look at connection test');
      return token.problem === null ? go('alive, may read') : stop(token.problem, 'look at connection test');
    },
  },
  {
    gate: 'token lasts',
    judge({ token, now }) {
      const end = firstExpiry(token);
      if (end === null && token.expiresAt === null)
        return warn('its end is not known', 'set META_APP_ID and META_APP_SECRET');
      if (end === null || end === Infinity) return go('without end');
      const days = Math.floor((end - now) / dayMs);
      if (days < lastDays) return stop(`ends in ${days} days`, 'connection replace, with a new token');
      if (days < renewDays) return warn(`ends in ${days} days`, 'renew it before the cut-over');
      return go(`ends in ${days} days`);
    },
  },
  {
    gate: `accounts, ${trialAccounts} first`,
    judge({ accounts: { monitored } }) {
      if (monitored === 0) return stop('none is read through it', 'assign ad accounts to the system user');
      return monitored < trialAccounts
        ? warn(`${monitored}`, `the trial is meant for ${trialAccounts}: assign more`)
        : go(`${monitored}`);
    },
  },
  {
    gate: 'every account may be read',
    judge({ accounts: { found, readable } }) {
      if (found === readable) return go(`${readable} of ${found}`);
      const remedy = 'give the system user access to them at Meta, or take them off its list';
      return readable / found < lowestRate
        ? stop(`${readable} of ${found}`, remedy)
        : warn(`${readable} of ${found}`, remedy);
    },
  },
  {
    gate: 'daily limits are told or entered',
    judge({ accounts: { monitored, withoutLimit } }) {
      if (monitored === 0) return stop('no account', 'assign ad accounts first');
      const text = `unknown for ${withoutLimit} of ${monitored}`;
      if (withoutLimit === 0) return go('for all');
      const remedy = 'enter what the vendor promised: account set ACT --daily-limit 250';
      return withoutLimit / monitored > limitsUnknownRatio ? stop(text, remedy) : warn(text, remedy);
    },
  },
  {
    gate: 'figures within 5% of a closed day',
    judge({ days }) {
      const told = days.filter(({ metaMinor }) => metaMinor !== null);
      if (days.length === 0)
        return stop(
          'no account-day has been watched to its end',
          'wait until the first day is over, 24 hours at most',
        );
      if (told.length === 0) return stop('Meta told none of them', 'try again; look at connection test');
      const apart = told.filter(isApart);
      const [worst] = apart.toSorted((one, other) => errorOf(other) - errorOf(one));
      return worst === undefined
        ? go(`${told.length} of ${told.length} account-days agree`)
        : stop(
            `${apart.length} of ${told.length} account-days apart, worst ${worst.accountId} on ${worst.day} by ${percent(errorOf(worst))}`,
            'compare that day in Ads Manager; a day that is still being corrected may be asked again tomorrow',
          );
    },
  },
  {
    gate: 'cycle under 45 s, at least 95% read',
    judge({ cycle, now, metricsMs }) {
      if (cycle === null) return stop('no cycle has ended yet', 'start ArbHub and wait for one');
      const { finishedAt, durationMs, attempted, succeeded } = cycle;
      const text = `${seconds(durationMs)}, ${succeeded} of ${attempted} read`;
      if (now - finishedAt > 2 * metricsMs)
        return stop(
          `the last one ended ${Math.round((now - finishedAt) / 60_000)} min ago`,
          'start ArbHub; arbhub doctor',
        );
      if (durationMs > longestCycleMs) return stop(text, 'another worker, or more tokens: docs/scale.md');
      if (attempted > 0 && succeeded / attempted < lowestRate)
        return stop(text, 'npm run arbhub -- collecting');
      return go(text);
    },
  },
  {
    gate: 'board under 3 s',
    judge({ board: { readMs, pageMs } }) {
      const text = `data ${seconds(readMs)}${pageMs === null ? '' : `, page ${seconds(pageMs)}`}`;
      if (readMs + (pageMs ?? 0) > longestBoardMs)
        return stop(text, 'a faster or nearer database: docs/scale.md');
      return pageMs === null
        ? warn(text, 'no server answered at APP_URL; start it to measure a page too')
        : go(text);
    },
  },
  {
    gate: 'somebody hears of it',
    judge({ channels: { critical, sentOnce } }) {
      if (critical === 0) return stop('no channel gets critical alerts', 'channel add: docs/channels.md');
      return sentOnce === 0
        ? warn(`${critical}, none has sent anything yet`, 'npm run arbhub -- channel test NAME')
        : go(`${critical}`);
    },
  },
  {
    gate: 'messages arrive',
    judge: ({ deadDeliveries }) =>
      deadDeliveries === 0
        ? go('none was undeliverable for a week')
        : warn(
            `${deadDeliveries} were undeliverable within a week`,
            'npm run arbhub -- channel list tells why',
          ),
  },
  {
    gate: "Meta's limits are far",
    judge({ highestUsagePercent: usage }) {
      if (usage === null) return go('not told');
      return usage >= highUsagePercent
        ? warn(`${usage}% used`, 'fewer accounts on this token or app: docs/scale.md')
        : go(`${usage}% used`);
    },
  },
  {
    gate: "Meta's API version lasts",
    judge: ({ versionWarning }) =>
      versionWarning === null ? go('no warning') : warn(versionWarning, 'set META_API_VERSION'),
  },
];

/** All gates; nobody goes live while one of them says stop. */
export function judgePreflight(facts: PreflightFacts): Gate[] {
  return gates.map(({ gate, judge }) => ({ gate, ...judge(facts) }));
}

export function isGo(judged: readonly Pick<Gate, 'verdict'>[]): boolean {
  return judged.length > 0 && judged.every(({ verdict }) => verdict !== 'stop');
}

function errorOf({ oursMinor, metaMinor }: CheckedDay): number {
  const meta = metaMinor ?? oursMinor;
  return Math.abs(oursMinor - meta) / Math.max(floorMinor, meta);
}

function isApart(day: CheckedDay): boolean {
  const difference = Math.abs(day.oursMinor - (day.metaMinor ?? day.oursMinor));
  return difference > floorMinor && errorOf(day) > apartRatio;
}
