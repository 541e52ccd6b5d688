/** The simulator's clock, and the only place that asks the machine for the time. */

export interface ClockState {
  /** Frozen instant in milliseconds, or null while time runs. */
  readonly frozenMs: number | null;
  /** Simulated and real instant that belonged together when the speed was set. */
  readonly anchorMs: number;
  readonly anchorRealMs: number;
  readonly speed: number;
}

export interface Clock {
  /** The simulated instant in milliseconds. */
  now(): number;
  freeze(instantMs: number): void;
  /** Back to running time: the real one at speed 1. */
  release(): void;
  setSpeed(speed: number): void;
  state(): ClockState;
}

/** A clock that runs `speed` times as fast as the world outside; goes on from a saved state where there is one. */
export function createClock(speed?: number, saved?: ClockState, realNow: () => number = Date.now): Clock {
  let state = saved ?? { frozenMs: null, anchorMs: realNow(), anchorRealMs: realNow(), speed: 1 };
  const running = (): number =>
    state.speed === 1 ? realNow() : state.anchorMs + (realNow() - state.anchorRealMs) * state.speed;
  const setSpeed = (next: number): void => {
    if (next !== state.speed) state = { ...state, anchorMs: running(), anchorRealMs: realNow(), speed: next };
  };
  if (speed !== undefined) setSpeed(speed);
  return {
    now: () => state.frozenMs ?? Math.round(running()),
    freeze: (instantMs) => {
      state = { ...state, frozenMs: instantMs };
    },
    release: () => {
      state = { ...state, frozenMs: null };
    },
    setSpeed,
    state: () => state,
  };
}
