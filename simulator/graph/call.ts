/** One call of the API, single or batch item, and its answer. */
import type { Simulation } from '../simulation.ts';

export interface Call {
  readonly simulation: Simulation;
  readonly nowMs: number;
  readonly method: string;
  /** `v26.0`, or undefined when the path names no version. */
  readonly version: string | undefined;
  /** The path behind the version, in segments. */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
  readonly token: string;
  /** Scheme, host and port of the simulator; for `paging.next`. */
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Splits a path into its version and the rest. */
export function splitPath(pathname: string): Pick<Call, 'version' | 'path'> {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const [first] = segments;
  return first !== undefined && /^v\d+\.\d+$/.test(first)
    ? { version: first, path: segments.slice(1) }
    : { version: undefined, path: segments };
}
