/** Lets at most `width` pieces of work run at once, the rest in the order they came. */
export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>;
  /** Refuses newcomers and resolves when all work inside has ended, or after `ms`. */
  close(ms: number): Promise<void>;
}

/**
 * The driver would send a statement behind another one on a busy connection, where it waits for a slow neighbour
 * and is forgotten when that connection breaks at the wrong moment. With no more work than connections it never does.
 */
export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  let isClosed = false;
  let onEmpty = (): void => {};

  function leave(): void {
    const next = waiting.shift();
    if (next) return next();
    inside -= 1;
    if (inside === 0) onEmpty();
  }

  return {
    async pass(work) {
      if (isClosed) throw new Error('The database connection was closed.');
      if (inside < width) inside += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        leave();
      }
    },
    close(ms) {
      isClosed = true;
      return new Promise((resolve) => {
        if (inside === 0) return resolve();
        const timer = setTimeout(resolve, ms);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
