import type { Channel } from '../../src/ports/channel.ts';
import type { Database, Sql } from '../../src/ports/sql.ts';

/** The end of a process, wherever it was. */
export class Crash extends Error {
  override name = 'Crash';
}

/** How often each step was the last one of a process; a step that was passed at all has an entry. */
export type Hits = Map<string, number>;

/** Whether a process ends at its n-th step, which was the last one of so many others. */
export type Fate = (step: number, hits: number) => boolean;

/**
 * A process that ends when its fate says so. A step lies before and after everything that
 * leaves the process: a statement, a commit, a question to a receiver. Once dead it does nothing any more, as after a kill -9:
 * what it has under way in the database comes to its end there, but nobody hears of it.
 */
export class Mortal {
  isDead = false;
  #steps = 0;
  readonly #fate: Fate;
  readonly #hits: Hits;

  constructor(fate: Fate, hits: Hits) {
    this.#fate = fate;
    this.#hits = hits;
  }

  database(real: Database): Pick<Database, 'sql' | 'transaction'> {
    return {
      sql: (text, ...values) => this.#cross(wordsOf(text), () => real.sql(text, ...values)),
      transaction: async (work) => {
        let last = 'nothing';
        this.#step('before begin');
        const outcome = await real.transaction(async (sql) => {
          const mortalSql: Sql = (text, ...values) => {
            last = wordsOf(text);
            return this.#cross(last, () => sql(text, ...values));
          };
          const done = await work(mortalSql);
          this.#step(`before commit of ${last}`);
          return done;
        });
        this.#step(`after commit of ${last}`);
        return outcome;
      },
    };
  }

  channel(name: string, { spacingMs, send, findSent }: Channel): Channel {
    return {
      spacingMs,
      send: (message, signal) => this.#cross(`sending to ${name}`, () => send(message, signal)),
      ...(findSent && {
        findSent: (message, signal) => this.#cross(`asking ${name}`, () => findSent(message, signal)),
      }),
    };
  }

  async #cross<T>(what: string, act: () => Promise<T>): Promise<T> {
    this.#step(`before ${what}`);
    const answer = await act();
    this.#step(`after ${what}`);
    return answer;
  }

  #step(name: string): void {
    if (this.isDead) throw new Crash(name);
    const hits = this.#hits.get(name) ?? 0;
    this.#steps += 1;
    this.isDead = this.#fate(this.#steps, hits);
    this.#hits.set(name, hits + (this.isDead ? 1 : 0));
    if (this.isDead) throw new Crash(name);
  }
}

/** A statement by its first words. */
function wordsOf(text: TemplateStringsArray): string {
  return text.join('').trim().split(/\s+/).slice(0, 4).join(' ');
}
