/** Puts one simulator together from its options. */
import { createClock } from './clock.ts';
import { createScenarioBook } from './control/scenario-book.ts';
import { createUsage } from './graph/usage.ts';
import type { Options } from './options.ts';
import { createRequestLog } from './request-log.ts';
import type { Simulation } from './simulation.ts';
import { readState, writeState } from './state-file.ts';
import { createFleet } from './world/fleet.ts';

/** Reads the state file, if there is one, and builds everything behind the server. */
export function buildSimulation(options: Options): Simulation {
  const saved = readState(options.stateFile);
  const clock = createClock(options.speed, saved.clock);
  const book = createScenarioBook(saved.entries);
  return {
    fleet: createFleet(options.seed, options.accounts),
    book,
    clock,
    usage: createUsage(options.tier),
    log: createRequestLog(),
    appSecret: options.appSecret,
    batchMs: options.batchMs,
    singleMs: options.singleMs,
    save: () => writeState(options.stateFile, { entries: book.entries(), clock: clock.state() }),
  };
}
