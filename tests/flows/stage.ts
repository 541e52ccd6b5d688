import type { Database, Sql } from '../../src/ports/sql.ts';
import type { Dice } from '../dice.ts';

const stuckAfterMs = 2;

/**
 * Lets several actors go on one at a time, from one await to the next, in the order that the dice say. An actor that waits for
 * a lock of another one is left waiting, as the database would. Actors have connections of their own, named like themselves.
 */
export class Stage {
  /** How often an actor had to wait for a lock of another one. */
  stuck = 0;
  readonly #sql: Sql;
  /** The actors that have asked for their turn. */
  readonly #asking = new Map<string, () => Promise<void>>();
  readonly #blocked = new Map<string, Promise<void>>();
  readonly #open = new Set<string>();
  /** A transaction has ended, and with it its locks. */
  #hasFreed = false;
  #wake = (): void => {};

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  turn<T>(actor: string, act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#asking.set(actor, () => act().then(resolve, reject));
      this.#wake();
    });
  }

  /** A statement is one turn; so are the begin and the end of a transaction. */
  database(actor: string, real: Database): Pick<Database, 'sql' | 'transaction'> {
    const pass = (): Promise<void> => this.turn(actor, async () => {});
    const inTurns =
      (sql: Sql): Sql =>
      (text, ...values) =>
        this.turn(actor, () => sql(text, ...values));
    return {
      sql: inTurns(real.sql),
      transaction: async (work) => {
        await pass();
        const end = real.transaction(async (sql) => {
          const outcome = await work(inTurns(sql));
          await pass();
          return outcome;
        });
        return end.finally(() => (this.#hasFreed = true));
      },
    };
  }

  /** Plays until all have ended; `between` is called before each turn and names who is frozen, as long as others can move. */
  async play(
    actors: Record<string, () => Promise<void>>,
    random: Dice,
    between: () => string,
  ): Promise<void> {
    const ends = Object.entries(actors).map(async ([name, act]) => {
      this.#open.add(name);
      await act().finally(() => {
        this.#open.delete(name);
        this.#wake();
      });
    });
    const all = Promise.allSettled(ends);
    for (;;) {
      await this.#untilAllAsk();
      if (this.#open.size === 0) break;
      if (this.#hasFreed) {
        this.#hasFreed = false;
        for (const [name, done] of [...this.#blocked]) await this.#watch(name, done);
        continue;
      }
      const asking = [...this.#asking.keys()].sort();
      if (asking.length === 0) {
        await Promise.race(this.#blocked.values());
        continue;
      }
      const frozen = between();
      const awake = asking.filter((name) => name !== frozen);
      const name = random.pick(awake.length > 0 ? awake : asking);
      const grant = this.#asking.get(name)!;
      this.#asking.delete(name);
      await this.#watch(name, grant());
    }
    for (const end of await all) if (end.status === 'rejected') throw end.reason;
  }

  /** Until everybody who can go on has asked for a turn: no answer is on its way then but to those that are blocked. */
  async #untilAllAsk(): Promise<void> {
    while ([...this.#open].some((name) => !this.#asking.has(name) && !this.#blocked.has(name)))
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Waits for the end of a turn, or until it is certain that the actor waits for a lock. */
  async #watch(name: string, turn: Promise<void>): Promise<void> {
    let isDone = false;
    const done = turn.then(() => {
      isDone = true;
      this.#blocked.delete(name);
      this.#wake();
    });
    while (!isDone) {
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, stuckAfterMs))]);
      if (isDone) return;
      const waits = await this.#sql`
        select from pg_stat_activity
        where datname = current_database() and application_name = ${name} and wait_event_type = 'Lock'`;
      if (waits.length === 0) continue;
      if (!this.#blocked.has(name)) this.stuck += 1;
      if (!isDone) this.#blocked.set(name, done);
      return;
    }
  }
}
