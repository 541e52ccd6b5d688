/** What may be bound to a statement. Instants are epoch milliseconds (`number`) wherever the column is a timestamptz. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly (string | number | bigint | boolean | null)[];

/**
 * Runs one statement written as a tagged template: every `${value}` is a bound parameter, never text.
 * Rows come back with int8 as `number` (a value beyond 2^53 throws), numeric as `string`,
 * timestamptz as epoch milliseconds (`number`), date as `YYYY-MM-DD`, jsonb parsed.
 */
export type Sql = <Row extends object>(text: TemplateStringsArray, ...values: SqlValue[]) => Promise<Row[]>;

/** A statement that took long: its text without its values, and how long it took in milliseconds. */
export interface SlowStatement {
  text: string;
  tookMs: number;
}

/** The database as the house sees it: PostgreSQL 15 or later, embedded or not. */
export interface Database {
  readonly sql: Sql;
  /**
   * Runs `work` in one transaction; a throw rolls everything back and is thrown on. `patienceMs` is for statements that take
   * longer than any usual one: without an answer for so long, the connection is given up.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, limits?: { patienceMs: number }): Promise<T>;
  /**
   * Hears NOTIFY on a direct connection. `onGap` is called after a reconnect, when notifications may have been missed.
   * Resolves once the subscription stands; the returned function ends it.
   */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onGap: () => void,
  ): Promise<() => Promise<void>>;
  /** The statements above 200 ms since this was last asked; the newest twenty. */
  takeSlow(): SlowStatement[];
  close(): Promise<void>;
}
