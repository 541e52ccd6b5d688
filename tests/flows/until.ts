const pauseMs = 3;

/** Reads again and again until the value is good; throws with the last one when that takes too long. */
export async function until<T>(
  read: () => Promise<T> | T,
  isGood: (value: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isGood(value)) return value;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
