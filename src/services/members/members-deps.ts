import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SignIn } from '../../ports/sign-in.ts';
import type { Database } from '../../ports/sql.ts';

/** What the verbs about members need. */
export interface MembersDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  signIn: SignIn;
}

/** What became of a wish that a person can put right; `problem` is a sentence for him. */
export type Wish<T> = { isDone: true; value: T } | { isDone: false; problem: string };
