import { dayMs, error, hourMs, isReal, minuteMs, note, span, warning, type Rule } from './doctor-facts.ts';

/** What may be wrong with people, channels, the machine, and what is kept. */

const longestDueMs = 2 * minuteMs;

export const houseRules: readonly Rule[] = [
  {
    why: 'What is sealed stays closed: such a token or channel cannot be used.',
    mend: 'Bring the key back (ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS or encryption.key), or replace the token or the channel.',
    look: ({ unopened }) => unopened.map((what) => error(`${what} does not open with the keys at hand`)),
  },
  {
    why: 'If that file is lost with the disk, no token opens any more, from a backup neither.',
    mend: 'Copy encryption.key to where your passwords are, apart from the database; or put its content into ENCRYPTION_KEY.',
    look: ({ settings: { keyFrom } }) =>
      keyFrom === 'file' ? [note('the key that seals tokens is in a file')] : [],
  },
  {
    why: 'Alerts reach nobody.',
    mend: 'Set SLACK_WEBHOOK_URL, or npm run arbhub -- channel add (docs/channels.md).',
    look: ({ channels }) =>
      channels.some(({ takesCritical, disabledReason }) => takesCritical && disabledReason === null)
        ? []
        : [error('no channel gets critical alerts')],
  },
  {
    why: 'What should go out through it does not.',
    mend: 'Put right what the reason says, then npm run arbhub -- channel set NAME and channel test NAME.',
    look: ({ channels, now }) =>
      channels.flatMap(({ name, disabledReason, pausedUntil, lastSentAt, lastError, lastErrorAt }) => {
        if (disabledReason !== null)
          return [error(`the channel "${name}" is switched off: ${disabledReason}`)];
        // The spacing between two messages pauses it too, for a moment.
        if (pausedUntil !== null && pausedUntil - now > minuteMs)
          return [warning(`the channel "${name}" is paused for ${span(pausedUntil - now)}`)];
        return lastErrorAt !== null && lastErrorAt > (lastSentAt ?? 0)
          ? [warning(`the last message through "${name}" failed: ${lastError ?? 'without a reason'}`)]
          : [];
      }),
  },
  {
    why: 'Somebody has not been told yet.',
    mend: 'Let ArbHub run (the sender is part of npm start and arbhub worker; else /api/cron/alerts each minute), and look at channel list.',
    look({ deliveries: { oldestDueAt, dead }, now }) {
      const lines =
        oldestDueAt !== null && now - oldestDueAt > longestDueMs
          ? [error(`a message has been due for ${span(now - oldestDueAt)}`)]
          : [];
      return dead > 0 ? [...lines, warning(`${dead} messages of the last week were undeliverable`)] : lines;
    },
  },
  {
    why: 'Nobody can sign in and put things right.',
    mend: 'Open the set-up link that npm start prints, or npm run arbhub -- user add --email E --role admin.',
    look: ({ admins }) => (admins === 0 ? [error('there is no admin')] : []),
  },
  {
    why: 'If ArbHub itself stops, nobody notices.',
    mend: 'Set HEARTBEAT_URL, and let a monitor ask /api/health every 5 minutes (docs/operating.md, Monitoring).',
    look: (facts) => {
      if (facts.settings.hasHeartbeat) return [];
      return [isReal(facts) ? warning('HEARTBEAT_URL is not set') : note('HEARTBEAT_URL is not set')];
    },
  },
  {
    why: "A platform's cron is refused; a process of npm start or arbhub worker needs none.",
    mend: 'On Vercel set CRON_SECRET (openssl rand -hex 32), there and here.',
    look: ({ settings: { isEmbedded, hasCronSecret } }) =>
      isEmbedded || hasCronSecret ? [] : [note('CRON_SECRET is not set')],
  },
  {
    why: 'Pages and the links in messages lead nowhere.',
    mend: 'Start the server, or set APP_URL to the address that people use.',
    look: ({ isServed }) => (isServed ? [] : [warning('no server answers at APP_URL')]),
  },
  {
    why: 'Passwords and cookies cross the network in the clear, and browsers give pages no push or offline copy.',
    mend: 'Put a reverse proxy with a certificate before it (docs/run-one-process.md) and set APP_URL to its https address.',
    look: ({ settings: { isHttps, isLocal } }) =>
      isHttps || isLocal ? [] : [warning('APP_URL is not https')],
  },
  {
    why: "Slots, ages and days are told by the database's clock; this machine's log and certificates by its own.",
    mend: 'Switch time synchronisation on, on both machines (timedatectl set-ntp true).',
    look({ skewMs }) {
      const what = `this machine's clock is ${span(skewMs)} ${skewMs > 0 ? 'ahead of' : 'behind'} the database's`;
      if (Math.abs(skewMs) > minuteMs) return [error(what)];
      return Math.abs(skewMs) > 5000 ? [warning(what)] : [];
    },
  },
  {
    why: 'Without room the database stops, and with it everything.',
    mend: 'Make room, or set ARCHIVE_S3_URL so that archived days and backups leave this disk.',
    look({ disk }) {
      if (disk === null) return [];
      const gigabytes = disk.freeBytes / 1e9;
      const what = `${gigabytes.toFixed(1)} GB are free on the disk of the data directory`;
      if (gigabytes < 0.5) return [error(what)];
      return gigabytes < 2 || disk.freeBytes / disk.totalBytes < 0.05 ? [warning(what)] : [];
    },
  },
  {
    why: 'Snapshots of a day without a partition cannot be stored.',
    mend: 'Let the daily run happen: it is part of npm start and arbhub worker, else /api/cron/daily.',
    look({ daysAhead }) {
      if (daysAhead === null || daysAhead < 0) return [error('snapshots of today have no partition')];
      return daysAhead < 2 ? [warning(`the last partition of snapshots is ${daysAhead} days ahead`)] : [];
    },
  },
  {
    why: 'Partitions, the archive, the audit and the look at all tokens wait for the daily run.',
    mend: 'Let ArbHub run, or let the cron call /api/cron/daily; the log line "cycle failed" with "daily" names the cause.',
    look({ cycles: { daily }, now }) {
      if (daily === null) return [warning('the daily run has not been through yet')];
      return now - daily > 26 * hourMs ? [warning(`the last daily run ended ${span(now - daily)} ago`)] : [];
    },
  },
  {
    why: 'What is lost with the database is lost for good.',
    mend: 'npm run arbhub -- backup makes one at once; ARCHIVE_S3_URL keeps them on another machine (docs/operating.md, Backups).',
    look({ backups, now }) {
      if (backups === null) return [];
      const { newestAt, provenAt, isHourly } = backups;
      // Another server's host has backups of its own, which nobody here can see.
      if (newestAt === null)
        return [
          isHourly ? warning('there is no backup yet') : note('ArbHub has made no backup of this database'),
        ];
      const lines =
        now - newestAt > (isHourly ? 2 * hourMs : 26 * hourMs)
          ? [warning(`the newest backup is ${span(now - newestAt)} old`)]
          : [];
      if (provenAt === null || now - provenAt > 3 * dayMs)
        lines.push(
          warning(
            provenAt === null
              ? 'no backup was proven by restoring it'
              : `the last backup that was proven by restoring it is ${span(now - provenAt)} old`,
          ),
        );
      return lines;
    },
  },
  {
    why: 'Backups and archived days on the same disk as the database are lost with it.',
    mend: 'Set ARCHIVE_S3_URL and its key (any S3), or copy the directories archive and backups elsewhere.',
    look: ({ settings: { isEmbedded, hasBucket } }) =>
      isEmbedded && !hasBucket ? [note('archive and backups are in the data directory')] : [],
  },
  {
    why: 'Old rows stay in the table until their copy is whole; nothing is lost, but the database grows.',
    mend: 'npm run arbhub -- archive list tells each; then archive run.',
    look: ({ archiveProblems }) => archiveProblems.map((problem) => warning(problem)),
  },
];
