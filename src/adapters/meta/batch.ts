import type { Turn } from '../../ports/account-source.ts';
import { largestBatch, type Answer, type BatchItem, type MetaClient } from './client.ts';
import { failure, type MetaFailure } from './failures.ts';
import { Flow } from './flow.ts';
import type { Lanes } from './lanes.ts';

/** One question about one account: items that travel together, and what their answers mean. */
export interface Ask<T> {
  items: BatchItem[];
  /** Called with one answer body per item. */
  read(bodies: unknown[], span: Span): T;
  /** `isWhole`: the whole call failed, so that nothing was said about this account. */
  fail(failure: MetaFailure, isWhole: boolean): T;
  /** The same question over less; null when it cannot be made smaller. */
  smaller?: () => Ask<T> | null;
}

/** When a question was sent and when its answer had come; epoch ms. */
export interface Span {
  askedAt: number;
  answeredAt: number;
}

/** How batches are sent: how many at once, and how long to wait between tries. */
export interface BatchPlan {
  concurrency: number;
  /** Shared by all connections of the process; without them nothing but `concurrency` limits. */
  lanes?: Lanes;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

/** What the asking needs to know of its connection. */
export interface Gatekeeper {
  /** Why an ask must not be sent now; null when it may. */
  holds(item: BatchItem, now: number): MetaFailure | null;
  /** Whether the token lives although an item says that it does not; null when that could not be found out. */
  isTokenAlive(turn: Turn): Promise<boolean | null>;
  retried(turn: Turn): void;
}

const mostTries = 3;
const baseBackoffMs = 1000;
/** Calls beyond the first tries that one run may spend, as a share of those; a few are always allowed. */
const retryShare = 0.6;
const fewestRetries = 2 * largestBatch;

/** A failure of the whole call that ends the whole connection's turn, not one account's. */
const endsTurn: readonly MetaFailure['remedy'][] = [
  'token',
  'config',
  'blocked',
  'ceiling',
  'throttle_app',
  'throttle_token',
];
/** The same when a single item says it: a token is asked first, and most configuration errors concern that account. */
const endsTurnByItem: readonly MetaFailure['remedy'][] = ['blocked', 'throttle_app', 'throttle_token'];
/** What concerns the object that was asked for. */
const saidOfOne: readonly MetaFailure['remedy'][] = ['access', 'request'];
const retried: readonly MetaFailure['remedy'][] = ['retry', 'shrink', 'unknown'];

/**
 * Sends the questions in batches of at most 50 items and yields what has arrived since the last step. What is worth a second
 * try is asked again, in smaller batches where the size was the trouble, within a budget of calls; all ends with the turn.
 * Batches go on being sent while the caller works. Returns the failure that stopped everything, or null.
 */
export async function* runAsks<T>(
  client: MetaClient,
  asks: readonly Ask<T>[],
  plan: BatchPlan,
  gate: Gatekeeper,
  turn: Turn,
): AsyncGenerator<T[], MetaFailure | null> {
  const flow = new Flow<T>();
  const run = new Run(client, plan, gate, turn, flow);
  const ended = run.all(asks).then(
    (stopped) => {
      flow.end();
      return stopped;
    },
    (error: unknown) => {
      flow.end();
      throw error;
    },
  );
  // The caller hears of a fault when it has taken what came before.
  ended.catch(() => {});
  try {
    for (let some = await flow.take(); some !== null; some = await flow.take()) yield some;
    return await ended;
  } finally {
    // A caller who walks away wants nothing more to be sent.
    run.stop();
  }
}

/** One run of questions, with what it has learned so far. */
class Run<T> {
  #stopped: MetaFailure | null = null;
  #budget = 0;
  #size = largestBatch;
  #tokenAlive: Promise<boolean | null> | null = null;
  #again: Ask<T>[] = [];
  #smallest = largestBatch;

  constructor(
    readonly client: MetaClient,
    readonly plan: BatchPlan,
    readonly gate: Gatekeeper,
    readonly turn: Turn,
    readonly flow: Flow<T>,
  ) {}

  stop(): void {
    this.#stopped ??= outOfTime;
  }

  async all(asks: readonly Ask<T>[]): Promise<MetaFailure | null> {
    const calls = asks.reduce((sum, { items }) => sum + items.length, 0);
    this.#budget = Math.max(fewestRetries, Math.ceil(calls * retryShare));
    let waiting: readonly Ask<T>[] = asks;
    for (let attempt = 1; waiting.length > 0; attempt++) {
      this.#again = [];
      this.#smallest = largestBatch;
      const chunks = chunkAsks(waiting, this.#size);
      const next = chunks[Symbol.iterator]();
      const workers = Array.from({ length: Math.min(this.plan.concurrency, chunks.length) }, async () => {
        for (let step = next.next(); !step.done; step = next.next()) {
          const { value } = step;
          const send = () => this.#send(value, attempt);
          await (this.plan.lanes?.pass(send) ?? send());
        }
      });
      await Promise.all(workers);
      waiting = this.#again;
      // Half of what has shown to be too much; a batch that Meta did not finish must not come back as large as it was.
      this.#size = Math.min(this.#size, Math.ceil(this.#smallest / 2));
      if (waiting.length > 0)
        await this.plan.sleep(
          this.plan.random() * baseBackoffMs * 2 ** Math.min(attempt - 1, mostTries - 1),
          this.turn.signal,
        );
    }
    return this.#stopped;
  }

  async #send(chunk: readonly Ask<T>[], attempt: number): Promise<void> {
    const out: T[] = [];
    const asked: Ask<T>[] = [];
    for (const ask of chunk) {
      const held = this.#stopped ?? this.#heldBack(ask);
      if (held === null) asked.push(ask);
      else out.push(ask.fail(held, true));
    }
    if (asked.length > 0) {
      if (attempt > 1) this.gate.retried(this.turn);
      const items = asked.flatMap((ask) => ask.items);
      const askedAt = this.turn.now();
      const answers = await this.client.batch(items, this.turn);
      const span = { askedAt, answeredAt: this.turn.now() };
      const isWhole = answers.some((answer) => !answer.ok && answer.isWhole === true);
      let at = 0;
      for (const ask of asked) {
        const own = answers.slice(at, (at += ask.items.length));
        const broken = firstFailure(own);
        if (broken === null)
          out.push(
            ask.read(
              own.map((answer) => (answer.ok ? answer.body : undefined)),
              span,
            ),
          );
        else await this.#settle(ask, broken, isWhole, attempt, items.length, out);
      }
    }
    this.flow.push(out);
  }

  #heldBack({ items }: Ask<T>): MetaFailure | null {
    const now = this.turn.now();
    const asked = new Set<string>();
    for (const item of items) {
      // Items about the same thing are one reading: the leave that the first one takes is all of theirs.
      const what = JSON.stringify(item.about ?? null);
      if (asked.has(what)) continue;
      asked.add(what);
      const held = this.gate.holds(item, now);
      if (held !== null) return held;
    }
    return null;
  }

  async #settle(
    ask: Ask<T>,
    broken: MetaFailure,
    isWhole: boolean,
    attempt: number,
    batchSize: number,
    out: T[],
  ): Promise<void> {
    // What is refused to a whole call is said of none of its accounts; they are asked again with the next cycle.
    let found: MetaFailure =
      isWhole && saidOfOne.includes(broken.remedy) ? { ...broken, kind: 'transient' } : broken;
    if (!isWhole && broken.remedy === 'token') {
      this.#tokenAlive ??= this.gate.isTokenAlive(this.turn);
      const isAlive = await this.#tokenAlive;
      if (isAlive === true) found = { ...broken, remedy: 'access', kind: 'permission' };
      if (isAlive === false) this.#stopped ??= broken;
      if (isAlive === null) found = { ...broken, remedy: 'retry', kind: 'transient' };
    }
    const ends = (isWhole ? endsTurn : endsTurnByItem).includes(found.remedy) || isInstallations(found);
    if (ends && !(isDoubted(found) && attempt === 1)) this.#stopped ??= found;
    if (found.remedy === 'shrink') this.#smallest = Math.min(this.#smallest, batchSize);
    const again = this.#mayAgain(ask, found, attempt) ? this.#nextTry(ask, found, batchSize) : null;
    if (again === null) {
      out.push(ask.fail(found, isWhole));
      return;
    }
    this.#budget -= again.items.length;
    this.#again.push(again);
  }

  #mayAgain(ask: Ask<T>, found: MetaFailure, attempt: number): boolean {
    if (this.turn.signal.aborted || this.#stopped !== null || this.#budget <= 0) return false;
    // Meta calls the question too large: halving it ends by itself, and where it began says nothing of where Meta will agree.
    if (found.remedy === 'shrink' && found.code !== null && ask.smaller !== undefined) return true;
    if (attempt >= mostTries) return false;
    // An error that nobody knows is asked once more, then reported.
    if (found.remedy === 'unknown' || isDoubted(found)) return attempt === 1;
    return retried.includes(found.remedy);
  }

  /** Too much for one question alone: less is asked, where that is possible. */
  #nextTry(ask: Ask<T>, found: MetaFailure, batchSize: number): Ask<T> | null {
    if (found.remedy !== 'shrink' || ask.smaller === undefined) return ask;
    return batchSize > ask.items.length && found.code === null ? ask : ask.smaller();
  }
}

/** The whole installation is set up wrongly: version, or proof of the app. */
function isInstallations({ remedy, code, subcode }: MetaFailure): boolean {
  return remedy === 'config' && (code === 2635 || (code === 100 && subcode === null));
}

/** A proof that is called wrong is sometimes called right a moment later. */
const isDoubted = ({ code }: MetaFailure): boolean => code === 104;

const outOfTime = failure('retry', 'the cycle ran out of time');

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
