import path from 'node:path';
import { diskArchive } from '../adapters/archive/disk.ts';
import { s3Archive } from '../adapters/archive/s3.ts';
import type { ConnectionTarget } from '../adapters/database/connection-target.ts';
import { databaseDumps } from '../adapters/database/dumps.ts';
import type { Archive, Shelf } from '../ports/archive.ts';
import type { Dumps } from '../ports/dumps.ts';
import type { Config } from './config.ts';

/** Where old days and backups are kept; null where there is neither a disk nor a bucket. */
export interface Keeping {
  archive: Archive | null;
  backups: { dumps: Dumps; shelf: Shelf } | null;
  /** Whether this process backs the database up by itself: it does for the embedded one. */
  isHourly: boolean;
  /** How long one run of archiving may take; what is left is done by the next. */
  longestRunMs: number;
}

export const nothingKept: Keeping = { archive: null, backups: null, isHourly: false, longestRunMs: 0 };

/** With a bucket everything goes there, else into the data directory. */
export function buildKeeping(
  config: Config,
  place: { dataDir: string; database: string | ConnectionTarget; migrations: string },
): Keeping {
  const { s3 } = config;
  const shelfAt = (name: string): Shelf =>
    s3 === null
      ? diskArchive(path.join(place.dataDir, name))
      : s3Archive({ ...s3, url: `${s3.url}/${name}` });
  return {
    archive: shelfAt('archive'),
    backups: { dumps: databaseDumps(place.database, place.migrations), shelf: shelfAt('backups') },
    isHourly: config.databaseUrl === null,
    longestRunMs: 20 * 60_000,
  };
}

/** On a serverless platform there is no disk that lasts, and no minute to spare. */
export function buildServerlessKeeping({ s3 }: Config): Keeping {
  if (s3 === null) return nothingKept;
  return { ...nothingKept, archive: s3Archive({ ...s3, url: `${s3.url}/archive` }), longestRunMs: 40_000 };
}
