/** What a dump holds: every table of the product and the sequences' positions, at one moment. */
export interface DumpManifest {
  format: 1;
  /** Epoch ms, by the database's clock. */
  takenAt: number;
  /** Versions of the migrations that made the schema, oldest first. */
  migrations: string[];
  /** In the order in which they can be filled; `sha256` is of the rows as COPY text in the order of the primary key. */
  tables: { name: string; rows: number; sha256: string }[];
  /** `isCalled` = the value was given out already. */
  sequences: { name: string; value: string; isCalled: boolean }[];
}

/** Opens a dump's file anew; it is read twice, once to check it and once to load it. */
export type OpenDump = () => Promise<AsyncIterable<Uint8Array>>;

/** Dumps of the whole database. A file that is damaged, cut short or of another schema is refused before anything is written. */
export interface Dumps {
  /** Hands the database to `take` as one gzip file. */
  dump(take: (file: AsyncIterable<Uint8Array>) => Promise<void>, signal: AbortSignal): Promise<DumpManifest>;
  /** Loads a dump into this database, all or nothing. Refuses one that holds anything but what its migrations put there. */
  restore(open: OpenDump, signal: AbortSignal): Promise<DumpManifest>;
  /** Restores into a database made for it on the same server, compares every table, and drops it again. */
  rehearse(open: OpenDump, signal: AbortSignal): Promise<DumpManifest>;
}
