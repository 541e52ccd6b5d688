/** A buffer between those who bring results and the one who takes them: each take gets all that has come so far. */
export class Flow<T> {
  #waiting: T[] = [];
  #isEnded = false;
  #wake: (() => void) | null = null;

  push(some: readonly T[]): void {
    if (some.length === 0) return;
    this.#waiting.push(...some);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** All that has come since the last take, at least one; null when nothing will come any more. For one taker. */
  async take(): Promise<T[] | null> {
    while (this.#waiting.length === 0) {
      if (this.#isEnded) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = null;
    }
    const some = this.#waiting;
    this.#waiting = [];
    return some;
  }
}
