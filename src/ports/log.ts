/** Structured log. Fields must hold no secret; the sink redacts token shapes and webhook addresses all the same. */
export interface Log {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}
