/** Meta's own daily limit of an account, in steps over weeks. */
import type { AccountTraits, Growth } from './account-traits.ts';
import { roundAmount } from './money.ts';
import { Draw, hash } from './random.ts';
import type { Season } from './seasons.ts';

interface Staircase {
  readonly stepDays: number;
  readonly factor: number;
  readonly steps: number;
}

const STAIRCASES: Readonly<Record<Growth, Staircase>> = {
  fast: { stepDays: 5, factor: 1.22, steps: 7 },
  normal: { stepDays: 9, factor: 1.14, steps: 7 },
  slow: { stepDays: 16, factor: 1.08, steps: 6 },
  declining: { stepDays: 11, factor: 0.86, steps: 7 },
};

/** The daily limit in major units that holds on an account-day. */
export function limitOnDay(traits: AccountTraits, seasons: readonly Season[], day: number): number {
  const number = Math.max(0, seasonOn(seasons, day));
  const season = seasons[number];
  if (!season) return traits.starterLimit;
  const stairs = STAIRCASES[traits.growth];
  // Trust is reviewed after the last step: two strides back to where it began, then up (or down) again.
  const cycle = stairs.steps + 2;
  const headStart = number === 0 ? hash(traits.seed, Draw.limitPhase, traits.index) % cycle : 0;
  const step = (Math.floor((day - Math.floor(season.start)) / stairs.stepDays) + headStart) % cycle;
  const power = step <= stairs.steps ? step : stairs.steps / 2;
  const level = traits.starterLimit * stairs.factor ** Math.max(0, power);
  const isCut = season.cutLeadDays > 0 && day >= Math.floor(season.ban) - season.cutLeadDays;
  return roundAmount(isCut ? level / 2 : level);
}

function seasonOn(seasons: readonly Season[], day: number): number {
  let number = seasons.length - 1;
  while (number >= 0 && (seasons[number]?.start ?? 0) >= day + 1) number--;
  return number;
}
