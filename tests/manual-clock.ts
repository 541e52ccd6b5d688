import type { Clock } from '../src/ports/clock.ts';

/** A clock that stands still until a test moves it. Sleepers wake when their moment is reached. */
export class ManualClock implements Clock {
  #now: number;
  /** What has passed, whatever the clock was set to in between. */
  #passed = 0;
  #sleepers: { at: number; wake: () => void }[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): Promise<number> {
    return Promise.resolve(this.#now);
  }

  /** The same as `now`, at once. */
  get at(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#passed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true || ms <= 0) return resolve();
      this.#sleepers.push({ at: this.#passed + ms, wake: resolve });
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    this.#passed += ms;
    const due = this.#sleepers.filter(({ at }) => at <= this.#passed);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#passed);
    for (const { wake } of due) wake();
  }

  /** Somebody sets the clock, forward or back; no time passes. */
  jump(ms: number): void {
    this.#now += ms;
  }
}
