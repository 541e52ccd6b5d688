/** A place for objects outside the database: a directory or an S3 bucket. Keys look like `snapshots/2026/20261001.csv.gz`. */
export interface Archive {
  /** Where it is, for people; holds no secret. */
  readonly place: string;
  /** Writes an object whole or not at all; one of the same key is replaced. Throws when it cannot be written. */
  put(key: string, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>;
  /** Null when there is no such object. The stream throws when the bytes stop coming. */
  get(key: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
}

/** An archive from which old objects are taken away again. Archived days are never kept in one. */
export interface Shelf extends Archive {
  /** All objects, in the order of their keys. */
  list(signal: AbortSignal): Promise<{ key: string; bytes: number }[]>;
  /** Does nothing when there is no such object. */
  remove(key: string, signal: AbortSignal): Promise<void>;
}
