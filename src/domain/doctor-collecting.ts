import { error, isReal, note, span, warning, type Rule } from './doctor-facts.ts';
import { severityOfLevel, warnLevelOf } from './token-life.ts';

/** What may be wrong between Meta and the books. What hurts most comes first. */

const lowestRate = 0.95;
const longestCycleMs = 45_000;
const slowMeanMs = 3000;
const highUsagePercent = 75;

export const collectingRules: readonly Rule[] = [
  {
    why: 'Without sweeps nobody learns of a suspension; a suspended card does not turn red.',
    mend: 'Start ArbHub (npm start or arbhub worker), or let the cron call /api/cron/status each minute. The log line "cycle failed" names the cause.',
    look({ cycles: { status }, now, sweepMs }) {
      if (status === null) return [error('no sweep of the accounts has ended yet')];
      return now - status > 3 * sweepMs ? [error(`the last sweep ended ${span(now - status)} ago`)] : [];
    },
  },
  {
    why: 'The figures on the board are old, and what follows from them is not noticed.',
    mend: 'Start ArbHub, or let the cron call /api/cron/metrics every 5 minutes. The log line "cycle failed" names the cause.',
    look({ cycles: { metrics }, now, metricsMs }) {
      if (metrics === null) return [error('no cycle of figures has ended yet')];
      const age = now - metrics.finishedAt;
      return age > 2 * metricsMs ? [error(`the last figures are ${span(age)} old`)] : [];
    },
  },
  {
    why: 'Accounts that are not read are blind spots.',
    mend: 'npm run arbhub -- collecting tells the failures by kind, the log line "figures not read" each account; then npm run arbhub -- connection test NAME.',
    look({ cycles: { metrics } }) {
      if (metrics === null) return [];
      const { attempted, succeeded, unasked } = metrics;
      const lines =
        unasked > 0
          ? [error(`${unasked} accounts could not be asked for: their connection does not work`)]
          : [];
      if (attempted > 0 && succeeded / attempted < lowestRate)
        lines.push(error(`the last cycle read ${succeeded} of ${attempted} accounts`));
      return lines;
    },
  },
  {
    why: 'A dead token stops all of its accounts; nothing of them is known any more.',
    mend: 'npm run arbhub -- connection test NAME says what Meta says; then connection replace, or connection resume for a paused one.',
    look: ({ connections }) =>
      connections.flatMap(({ name, state, stateReason }) => {
        const reason = stateReason === null ? '' : `: ${stateReason}`;
        if (state === 'token_dead') return [error(`the token of "${name}" is dead${reason}`)];
        if (state === 'stopped') return [error(`Meta has stopped "${name}"${reason}`)];
        return state === 'paused' ? [warning(`"${name}" is paused${reason}`)] : [];
      }),
  },
  {
    why: 'When the token ends, all data stops.',
    mend: "Renew it at Meta and npm run arbhub -- connection replace NAME < token; a system user's token is renewed by itself with META_APP_ID and META_APP_SECRET.",
    look: ({ connections, now }) =>
      connections.flatMap(({ name, endsAt, renewalFailed }) => {
        const lines =
          renewalFailed === null
            ? []
            : [warning(`the token of "${name}" could not be renewed: ${renewalFailed}`)];
        if (endsAt === null || !Number.isFinite(endsAt)) return lines;
        const level = warnLevelOf(endsAt, now);
        if (level === null) return lines;
        const what = endsAt > now ? `ends in ${span(endsAt - now)}` : `ended ${span(now - endsAt)} ago`;
        return [
          ...lines,
          severityOfLevel(level) === 'critical'
            ? error(`the token of "${name}" ${what}`)
            : warning(`the token of "${name}" ${what}`),
        ];
      }),
  },
  {
    why: 'Without the permission nothing can be read.',
    mend: 'Give the system user ads_read at Meta, make a new token, npm run arbhub -- connection replace NAME < token.',
    look: ({ connections }) =>
      connections.flatMap(({ name, scopes }) =>
        scopes !== null && !scopes.includes('ads_read')
          ? [error(`the token of "${name}" lacks ads_read`)]
          : [],
      ),
  },
  {
    why: 'These accounts are listed, but not watched.',
    mend: 'Assign them to the system user at Meta (Business settings, Users, System users, Assign assets).',
    look: ({ connections }) =>
      connections.flatMap(({ name, found, readable }) =>
        readable < found
          ? [warning(`"${name}" may read ${readable} of the ${found} accounts that it finds`)]
          : [],
      ),
  },
  {
    why: 'Without a connection only a simulated Meta is watched.',
    mend: 'docs/connecting-meta.md, then FB_ACCESS_TOKEN or npm run arbhub -- connection add --name "First BM" < token.',
    look: (facts) => (isReal(facts) ? [] : [note('there is no connection to Meta')]),
  },
  {
    why: 'Expiries stay unknown, and no token is renewed.',
    mend: "Set META_APP_ID and META_APP_SECRET: both are on the app's page at developers.facebook.com.",
    look: (facts) =>
      isReal(facts) && !facts.settings.hasApp ? [warning('META_APP_ID or META_APP_SECRET is not set')] : [],
  },
  {
    why: 'Meta slows down or refuses what is beyond its limits; ArbHub waits, and figures come later.',
    mend: "It ends by itself. If it comes again: fewer accounts on a token, or another app (docs/scale.md, Meta's quotas).",
    look({ pauses, now, cycles: { metrics } }) {
      const lines = pauses.map(({ scope, until, reason }) =>
        warning(`Meta asks for a pause of ${span(until - now)} (${scope.split(':')[0] ?? ''}: ${reason})`),
      );
      const usage = metrics?.highestUsagePercent ?? 0;
      return usage >= highUsagePercent
        ? [...lines, warning(`${usage}% of one of Meta's limits are used`)]
        : lines;
    },
  },
  {
    why: 'Meta or the way to it is slow; beyond 45 s a cycle runs into the next one.',
    mend: 'Look at metastatus.com and at the line to Meta; another worker or more tokens help (docs/scale.md).',
    look({ cycles: { metrics } }) {
      if (metrics === null) return [];
      const lines =
        metrics.meanMs !== null && metrics.meanMs > slowMeanMs
          ? [warning(`Meta takes ${span(metrics.meanMs)} on average`)]
          : [];
      return metrics.durationMs > longestCycleMs
        ? [...lines, warning(`the last cycle took ${span(metrics.durationMs)}`)]
        : lines;
    },
  },
  {
    why: 'Above 200 ms a statement is slow; many of them hold up pages and cycles.',
    mend: 'The log line "slow query" names them. A nearer or faster database helps; then an index, with an issue.',
    look: ({ cycles: { metrics } }) =>
      (metrics?.slowQueries ?? 0) > 0
        ? [warning(`${metrics?.slowQueries ?? 0} slow statements in the last cycle`)]
        : [],
  },
  {
    why: 'When the version goes, every call fails.',
    mend: 'Set META_API_VERSION to the one that Meta names, after a look at its changelog.',
    look: ({ connections }) =>
      connections.flatMap(({ name, versionWarning }) =>
        versionWarning === null ? [] : [warning(`Meta warns "${name}": ${versionWarning}`)],
      ),
  },
  {
    why: 'Live figures of the last night differed from the closed days.',
    mend: 'npm run arbhub -- collecting shows the worst; compare one of them in Ads Manager.',
    look: ({ audit }) =>
      audit !== null && audit.accounts > 0 && audit.within / audit.accounts < 0.9
        ? [
            warning(
              `${audit.accounts - audit.within} of ${audit.accounts} account-days were off by more than 2%`,
            ),
          ]
        : [],
  },
  {
    why: 'Without a limit neither progress nor pace can be shown.',
    mend: 'Enter what the vendor promised: npm run arbhub -- account set ACT --daily-limit 250.',
    look: ({ accounts: { watched, withoutLimit } }) =>
      withoutLimit > watched / 10
        ? [note(`the daily limit of ${withoutLimit} of ${watched} accounts is unknown`)]
        : [],
  },
];
