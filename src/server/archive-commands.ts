import { createReadStream, existsSync } from 'node:fs';
import { archiveOldDays } from '../services/upkeep/archive-old-days.ts';
import { backUp } from '../services/upkeep/back-up.ts';
import { instantOf, listNoted } from '../services/upkeep/backup-shelf.ts';
import { restoreDay } from '../services/upkeep/restore-day.ts';
import { verifyDays } from '../services/upkeep/verify-days.ts';
import { listDays } from '../store/archive.ts';
import { type Command, Mistake } from './command.ts';
import type { Deps } from './house.ts';

/** The commands about what is kept: archived days and backups. Nothing limits their time but the operator. */
export const archiveCommands: Record<string, Command> = {
  'archive list': {
    usage: 'archive list',
    does: 'lists the days of snapshots that were archived or are about to be',
    async run({ database }) {
      const days = await listDays(database.sql);
      return days
        .filter(({ state, copy, isDetached }) => state !== 'due' || copy !== null || isDetached)
        .map(({ day, state, copy, detachedAt, keepUntil, problem }) => ({
          day,
          state,
          rows: copy?.rows ?? null,
          detached_at: iso(detachedAt),
          keep_until: iso(keepUntil),
          key: copy?.object?.key ?? null,
          problem,
        }));
    },
  },
  'archive run': {
    usage: 'archive run',
    does: 'archives and drops what is due now, without waiting for the daily run',
    run: async (deps) => [await archiveOldDays(archiveDeps(deps))],
  },
  'archive verify': {
    usage: 'archive verify [DAY]',
    does: 'reads archived days to their end and compares them with what is known of them',
    async run(deps, { words }) {
      const verified = await verifyDays(archiveDeps(deps), words[0] === undefined ? null : dayOf(words[0]));
      const bad = verified.filter(({ problem }) => problem !== null);
      if (bad.length > 0)
        throw new Mistake(bad.map(({ day, key, problem }) => `${day}: ${problem ?? ''} (${key})`).join('\n'));
      return verified;
    },
  },
  'archive restore': {
    usage: 'archive restore DAY',
    does: 'brings an archived UTC day (YYYY-MM-DD) back into the table, for a week',
    async run(deps, { words }) {
      const day = dayOf(words[0]);
      const outcome = await restoreDay(archiveDeps(deps), day);
      if (!outcome.isDone) throw new Mistake(outcome.problem);
      return [{ day, rows: outcome.rows, from: outcome.from }];
    },
  },
  backup: {
    usage: 'backup',
    does: 'backs the whole database up now',
    async run(deps) {
      const { clock, log } = deps;
      const { removed, ...report } = await backUp({ ...backupsOf(deps), clock, log, signal: endless() });
      return [{ ...report, removed: removed.length }];
    },
  },
  'backup list': {
    usage: 'backup list',
    does: 'lists the backups, oldest first',
    async run(deps) {
      const noted = await listNoted(backupsOf(deps).shelf, endless());
      return noted.map(({ name, takenAt, provenAt, note }) => ({
        name,
        taken_at: iso(takenAt),
        proven_at: iso(provenAt),
        bytes: note?.bytes ?? null,
        rows: note?.manifest.tables.reduce((sum, table) => sum + table.rows, 0) ?? null,
      }));
    },
  },
  restore: {
    usage: 'restore FILE --into-empty',
    does: 'restores a backup (a file, or a name of "backup list") into an empty database',
    isAlone: true,
    async run(deps, { words, options }) {
      const { dumps, shelf } = backupsOf(deps);
      const file = words[0];
      if (file === undefined)
        throw new Mistake('Name the backup: restore arbhub-20261124T101500Z.sql.gz --into-empty');
      if (options['into-empty'] !== true)
        throw new Mistake(
          'Add --into-empty: a backup is only restored into an empty database, never over another.',
        );
      const signal = endless();
      const isFile = existsSync(file);
      if (!isFile && (instantOf(file) === null || (await shelf.get(file, signal)) === null))
        throw new Mistake(`There is no backup ${file}, neither as a file nor in ${shelf.place}.`);
      const open = async () =>
        isFile ? createReadStream(file) : ((await shelf.get(file, signal)) ?? nothing());
      const { tables, migrations } = await dumps.restore(open, signal);
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      return [{ file, tables: tables.length, rows, schema: migrations.at(-1) ?? null }];
    },
  },
};

const endless = (): AbortSignal => new AbortController().signal;
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

async function* nothing(): AsyncGenerator<Uint8Array> {}

function dayOf(text: string | undefined): string {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(`${text}T00:00:00Z`)))
    throw new Mistake('Name the UTC day as YYYY-MM-DD, for example: archive restore 2026-10-01');
  return text;
}

function archiveDeps(deps: Deps) {
  const { archive } = deps.keeping;
  if (archive === null)
    throw new Mistake('There is no archive: set ARCHIVE_S3_URL or run where there is a disk.');
  return { ...deps, archive, signal: endless() };
}

function backupsOf({ keeping }: Deps) {
  if (keeping.backups === null) throw new Mistake('There is no place for backups here.');
  return keeping.backups;
}
