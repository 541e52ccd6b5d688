/** The control API under /__sim: how people and tests steer the world and look at what was asked of it. */
import { parseObject } from '../read-body.ts';
import type { Simulation } from '../simulation.ts';
import { operatorBusiness } from '../world/vendors.ts';
import { ScenarioRefused } from './body.ts';
import { startScenario } from './start-scenario.ts';
import { truth } from './truth.ts';

export interface ControlAnswer {
  readonly status: number;
  readonly body: object;
}

type Action = (simulation: Simulation, body: Record<string, unknown>, url: URL) => object;

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /__sim': describe,
  'POST /__sim/scenarios': startScenario,
  'POST /__sim/clock': setClock,
  'GET /__sim/requests': ({ log }, _, url) => ({
    requests: log.since(Number(url.searchParams.get('since') ?? 0)),
    last: log.last(),
  }),
  'GET /__sim/stats': ({ log }) => log.totals(),
  'POST /__sim/stats/reset'({ log }) {
    log.reset();
    return log.totals();
  },
  'GET /__sim/truth': truthAt,
};

/** Answers one request of the control API. */
export function answerControl(simulation: Simulation, method: string, url: URL, text: string): ControlAnswer {
  const action = ACTIONS[`${method} ${url.pathname.replace(/\/$/, '')}`];
  if (!action) return { status: 404, body: { error: `Nothing at ${method} ${url.pathname}` } };
  const body = text === '' ? {} : parseObject(text);
  if (!body) return { status: 400, body: { error: 'The body must be a JSON object' } };
  try {
    return { status: 200, body: action(simulation, body, url) };
  } catch (error) {
    if (error instanceof ScenarioRefused) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

function describe({ clock, fleet, book }: Simulation): object {
  const nowMs = clock.now();
  const { speed, frozenMs } = clock.state();
  return {
    speed,
    now: new Date(nowMs).toISOString(),
    is_frozen: frozenMs !== null,
    seed: fleet.seed,
    accounts: fleet.size,
    vendors: fleet.vendors.map(({ name, businesses }) => ({
      name,
      business_ids: businesses.map(({ id }) => id),
    })),
    operator_business_id: operatorBusiness(fleet.seed).id,
    scenarios: book.holding(nowMs),
  };
}

/** `{now: ISO or ms}` freezes the clock there, `{now: null}` lets it run; `{speed}` makes it run faster. */
function setClock(simulation: Simulation, body: Record<string, unknown>): object {
  const { now, speed } = body;
  if (speed !== undefined) {
    if (typeof speed !== 'number' || !(speed > 0))
      throw new ScenarioRefused('speed must be a number above 0');
    simulation.clock.setSpeed(speed);
  }
  if (now === null) simulation.clock.release();
  else if (now !== undefined) simulation.clock.freeze(instantOf(now));
  simulation.save();
  const { speed: current, frozenMs } = simulation.clock.state();
  return {
    now: new Date(simulation.clock.now()).toISOString(),
    is_frozen: frozenMs !== null,
    speed: current,
  };
}

/** `?at=ISO` (now by default) and `?account_ids=1,2` (all by default). */
function truthAt(simulation: Simulation, _: unknown, url: URL): object {
  const at = url.searchParams.get('at');
  const ids = url.searchParams.get('account_ids');
  const asked = ids?.split(',').map((id) => id.replace(/^act_/, ''));
  return truth(simulation, at === null ? simulation.clock.now() : instantOf(at, 'at'), asked);
}

function instantOf(value: unknown, name = 'now'): number {
  const instantMs = typeof value === 'number' ? value : Date.parse(String(value));
  if (!Number.isSafeInteger(instantMs))
    throw new ScenarioRefused(`${name} must be an ISO instant or milliseconds`);
  return instantMs;
}
