/** Which accounts to read again. */
export type Wanted = 'all' | readonly string[];

/** A poll names its accounts in several messages within a moment. */
const gatherMs = 50;
const gapMs = 500;
const tooManyIds = 60;
const longestPauseMs = 15_000;

/**
 * Collects wishes and reads them together: never two reads at once, at most one in half a second. A failed read keeps its
 * wishes and is tried again, later each time.
 */
export function createRefetchQueue(read: (wanted: Wanted) => Promise<void>) {
  let wanted: 'all' | Set<string> | null = null;
  let isReading = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function add(ids: Wanted) {
    if (ids === 'all' || wanted === 'all') {
      wanted = 'all';
      return;
    }
    wanted = new Set([...(wanted ?? []), ...ids]);
    if (wanted.size > tooManyIds) wanted = 'all';
  }

  async function run() {
    timer = undefined;
    if (wanted === null || isReading || isClosed) return;
    const now: Wanted = wanted === 'all' ? 'all' : [...wanted];
    wanted = null;
    isReading = true;
    try {
      await read(now);
      failures = 0;
    } catch {
      failures += 1;
      add(now);
    }
    isReading = false;
    schedule(failures === 0 ? gapMs : Math.min(longestPauseMs, 1000 * 2 ** failures));
  }

  function schedule(ms: number) {
    if (isClosed || isReading || timer !== undefined) return;
    timer = setTimeout(() => void run(), ms);
  }

  return {
    ask(ids: Wanted) {
      if (ids !== 'all' && ids.length === 0) return;
      add(ids);
      schedule(gatherMs);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
