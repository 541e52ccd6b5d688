import { failure, type MetaFailure } from './failures.ts';
import { largestBatch, type Answer, type BatchItem, type MetaClient } from './client.ts';

/** One question about one account: items that travel together, and what their answers mean. */
export interface Ask<T> {
  items: BatchItem[];
  /** Called with one answer body per item. */
  read(bodies: unknown[]): T;
  fail(failure: MetaFailure): T;
}

/** How batches are sent: how many at once, and how long to wait between tries. */
export interface BatchPlan {
  concurrency: number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

const mostTries = 3;
const baseBackoffMs = 1000;

/** A failure that ends the whole connection's turn, not one account's. */
function endsTurn(found: MetaFailure): boolean {
  return ['token', 'config', 'blocked', 'throttle_app', 'throttle_token'].includes(found.remedy);
}

/**
 * Sends the questions in batches of at most 50 items and yields the answers of each batch as it arrives. What is worth a
 * second try is asked again, alone among its like and in smaller batches; all ends with `signal`. Returns the failure that
 * stopped everything, or null.
 */
export async function* runAsks<T>(
  client: MetaClient,
  asks: readonly Ask<T>[],
  plan: BatchPlan,
  signal: AbortSignal,
): AsyncGenerator<T[], MetaFailure | null> {
  let waiting = [...asks];
  let stopped: MetaFailure | null = null;
  let size = largestBatch;
  for (let attempt = 1; waiting.length > 0; attempt++) {
    const again: Ask<T>[] = [];
    let tooLarge = largestBatch;
    const chunks = chunkAsks(waiting, size);
    const isLast = attempt === mostTries;
    const send = async (chunk: Ask<T>[]): Promise<T[]> => {
      if (stopped !== null) return chunk.map((ask) => ask.fail(stopped ?? aborted));
      const answers = await client.batch(
        chunk.flatMap((ask) => ask.items),
        signal,
      );
      let at = 0;
      return chunk.flatMap((ask) => {
        const own = answers.slice(at, (at += ask.items.length));
        const broken = firstFailure(own);
        if (broken?.remedy === 'shrink') tooLarge = Math.min(tooLarge, answers.length);
        if (broken === null) return [ask.read(own.map((answer) => (answer.ok ? answer.body : undefined)))];
        if (endsTurn(broken)) stopped ??= broken;
        const isWorthIt =
          broken.remedy === 'retry' || broken.remedy === 'shrink' || broken.remedy === 'unknown';
        // An error that nobody knows is asked once more, then reported.
        if (!isWorthIt || isLast || signal.aborted || (broken.remedy === 'unknown' && attempt > 1))
          return [ask.fail(broken)];
        again.push(ask);
        return [];
      });
    };
    for await (const done of inParallel(chunks, plan.concurrency, send)) if (done.length > 0) yield done;
    waiting = again;
    // Half of what has shown to be too much; a batch that Meta did not finish must not come back as large as it was.
    size = Math.min(size, Math.ceil(tooLarge / 2));
    if (waiting.length > 0) await plan.sleep(plan.random() * baseBackoffMs * 2 ** (attempt - 1), signal);
  }
  return stopped;
}

const aborted = failure('retry', 'the cycle ran out of time');

function firstFailure(answers: readonly Answer[]): MetaFailure | null {
  for (const answer of answers) if (!answer.ok) return answer.failure;
  return null;
}

function chunkAsks<T>(asks: readonly Ask<T>[], size: number): Ask<T>[][] {
  const chunks: Ask<T>[][] = [];
  let current: Ask<T>[] = [];
  let items = 0;
  for (const ask of asks) {
    if (items + ask.items.length > size && current.length > 0) {
      chunks.push(current);
      [current, items] = [[], 0];
    }
    current.push(ask);
    items += ask.items.length;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

/** Runs `work` on each input, at most `limit` at once, and yields results in the order in which they are ready. */
async function* inParallel<In, Out>(
  inputs: readonly In[],
  limit: number,
  work: (input: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running = new Map<number, Promise<[number, Out]>>();
  let next = 0;
  while (next < inputs.length || running.size > 0) {
    while (running.size < limit && next < inputs.length) {
      const key = next++;
      running.set(
        key,
        work(inputs[key] as In).then((out) => [key, out]),
      );
    }
    const [key, out] = await Promise.race(running.values());
    running.delete(key);
    yield out;
  }
}
