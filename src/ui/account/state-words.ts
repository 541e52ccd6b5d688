import { type State, statusWords } from '../../domain/status.ts';
import { stateNames } from '../kit/state-names.ts';

/** A state in words, with Meta's code where it is known: `grace period (9)`, `access lost`. */
export function stateWords({ state, code }: { state: State; code: number | null }): string {
  if (code === null || state === 'access_lost' || state === 'archived') return stateNames[state];
  const words = state === 'warning' || state === 'unknown' ? statusWords(code) : stateNames[state];
  return state === 'active' ? words : `${words} (${code})`;
}

/** How a stretch is drawn; the legend says the same in words. */
export type BandLook = 'warning' | 'stopped' | 'suspended' | 'closed' | 'lost' | 'unknown';

export function bandLook({ state, code }: { state: State; code: number | null }): BandLook {
  if (state === 'warning') return code === 3 || code === 7 ? 'stopped' : 'warning';
  if (state === 'suspended') return 'suspended';
  if (state === 'access_lost') return 'lost';
  return state === 'unknown' ? 'unknown' : 'closed';
}
