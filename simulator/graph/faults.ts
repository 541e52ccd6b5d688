/** Answers that are no answers: what Meta sends while it is down, always or for a share of the requests. */
import type { OutageMode } from '../control/scenario.ts';
import type { Simulation } from '../simulation.ts';
import { chance, Draw, hash } from '../world/random.ts';
import { errorBody, unavailable, unknownError } from './errors.ts';

export type Fault =
  /** A ready answer; the call is not carried out. */
  | { readonly kind: 'answer'; readonly status: number; readonly type: string; readonly text: string }
  /** The call is carried out, and half of its answer is sent as if it were all. */
  | { readonly kind: 'truncate' }
  /** Half of the answer is sent; then the connection stands still or is reset. */
  | { readonly kind: 'half_open'; readonly isReset: boolean }
  /** The call is carried out, and no answer is ever sent. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'null_items' };

export type ItemFault = 'code1' | 'code2' | 'null';

const OUTAGE_MIX: readonly OutageMode[] = ['code2', 'empty503', 'html502'];
const ERROR_MIX: readonly OutageMode[] = [...OUTAGE_MIX, 'truncated'];
const ITEM_MIX: readonly ItemFault[] = ['code2', 'code1', 'null'];
/** What a draw about a request decides. */
const About = { timeout: 1, halfOpen: 2, error: 3, mode: 4, item: 5 } as const;
const HTML =
  '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>';

/** The fault that meets the n-th request, if one does; the same seed and number meet the same one again. */
export function faultFor(
  simulation: Simulation,
  nowMs: number,
  token: string,
  number: number,
): Fault | undefined {
  const { book, fleet } = simulation;
  const [outage] = book.holdingFor(['outage'], nowMs, { token });
  if (outage && chance(fleet.seed, number) < (outage.rate ?? 1)) {
    const mode = outage.mode ?? 'mix';
    return faultOf(simulation, mode === 'mix' ? pick(OUTAGE_MIX, number) : mode);
  }
  const [faults] = book.holdingFor(['faults'], nowMs, { token });
  if (!faults) return undefined;
  const seed = faults.seed ?? fleet.seed;
  const hits = (rate: number | undefined, about: number): boolean =>
    chance(seed, Draw.fault, number, about) < (rate ?? 0);
  const draw = hash(seed, Draw.fault, number, About.mode);
  if (hits(faults.timeout_rate, About.timeout)) return { kind: 'hang' };
  if (hits(faults.half_open_rate, About.halfOpen)) return { kind: 'half_open', isReset: draw % 2 === 1 };
  return hits(faults.error_rate, About.error) ? faultOf(simulation, pick(ERROR_MIX, draw)) : undefined;
}

/** How one item of the n-th request fails by itself, if it does. */
export function itemFaultFor(
  { book, fleet }: Simulation,
  nowMs: number,
  token: string,
  number: number,
  position: number,
): ItemFault | undefined {
  const [faults] = book.holdingFor(['faults'], nowMs, { token });
  if (!faults?.item_error_rate) return undefined;
  const seed = faults.seed ?? fleet.seed;
  if (chance(seed, Draw.fault, number, About.item, position) >= faults.item_error_rate) return undefined;
  return pick(ITEM_MIX, hash(seed, Draw.fault, number, About.mode, position));
}

/** The answer of an item that failed; null = it was not carried out in time. */
export function failedItem({ log }: Simulation, fault: ItemFault): object | null {
  log.countFault('item');
  if (fault === 'null') return null;
  const error = fault === 'code2' ? unavailable() : unknownError();
  log.countError(error.fields.code);
  return { code: error.fields.status, body: JSON.stringify(errorBody(error)) };
}

function faultOf({ log }: Simulation, mode: OutageMode): Fault {
  switch (mode) {
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
    default: {
      const error = unavailable();
      log.countError(error.fields.code);
      const text = JSON.stringify(errorBody(error));
      return { kind: 'answer', status: error.fields.status, type: 'application/json', text };
    }
  }
}

function pick<Choice>(choices: readonly Choice[], draw: number): Choice {
  const choice = choices[draw % choices.length];
  if (choice === undefined) throw new Error('there is nothing to choose from');
  return choice;
}
