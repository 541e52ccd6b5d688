/** Answers that are no answers: what Meta sends while it is down. */
import type { OutageMode } from '../control/scenario.ts';
import type { Simulation } from '../simulation.ts';
import { chance } from '../world/random.ts';
import { errorBody, unavailable } from './errors.ts';

/** A ready answer, a cut-off one, or none at all. */
export type Outage =
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly text: string }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'null_items' };

const MIX: readonly OutageMode[] = ['code2', 'empty503', 'html502'];
const HTML =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>';

/** The outage that meets the n-th request, if one does. */
export function outageFor(
  { book, log, fleet }: Simulation,
  nowMs: number,
  number: number,
): Outage | undefined {
  const entry = book.holding(nowMs).find((one) => one.kind === 'outage');
  if (!entry || chance(fleet.seed, number) >= (entry.rate ?? 1)) return undefined;
  const mode = entry.mode ?? 'mix';
  const shown = mode === 'mix' ? (MIX[number % MIX.length] ?? 'code2') : mode;
  switch (shown) {
    case 'hang':
      return { kind: 'hang' };
    case 'truncated':
      return { kind: 'truncate' };
    case 'null_items':
      return { kind: 'null_items' };
    case 'empty503':
      return { kind: 'answer', status: 503, type: 'text/plain', text: '' };
    case 'html502':
      return { kind: 'answer', status: 502, type: 'text/html', text: HTML };
    default:
      log.countError(2);
      return {
        kind: 'answer',
        status: 500,
        type: 'application/json',
        text: JSON.stringify(errorBody(unavailable())),
      };
  }
}
