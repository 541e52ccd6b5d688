/** Which versions of the API still answer. */
import { wrongVersion } from './errors.ts';

const CURRENT = 'v26.0';
/** Still served, announced to end. */
const ENDING = new Set(['v25.0']);

/** The headers a version adds to an answer; throws for one that is no longer (or not yet) served. */
export function versionHeaders(version: string | undefined): Record<string, string> {
  if (version === CURRENT) return {};
  if (version !== undefined && ENDING.has(version)) {
    return { 'X-Ad-Api-Version-Warning': `${version} will be deprecated, please upgrade to ${CURRENT}` };
  }
  throw wrongVersion();
}
