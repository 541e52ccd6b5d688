/** A fresh secret and what of it may be stored. */
interface Token {
  /** 256 random bits, for the holder alone. */
  token: string;
  /** Its SHA-256; nothing else of it ever reaches the database. */
  digest: Uint8Array;
}

/** How a session's cookie is set. */
export interface CookieOptions {
  httpOnly: true;
  secure: boolean;
  sameSite: 'lax';
  path: '/';
  maxAge: number;
}

/** The cookies that a browser sent, and where those of the answer go; what was set is there at once. */
export interface CookieJar {
  getAll(): readonly { name: string; value: string }[];
  set(name: string, value: string, options: CookieOptions): void;
}

/** What a session is asked for: to read, or to change something as well. */
export type Need = 'read' | 'write';

/** What a try to sign in has shown. `stranger`: the password is right, but of somebody who is no member here. */
type Entry = 'in' | 'wrong' | 'stranger';

/** Thrown where a password or an e-mail is not taken; the message is a sentence for the person at the form. */
export class NotTaken extends Error {}

/**
 * Who proves in what way that he is a member: by a password that the product keeps, or by an outside service that it trusts.
 * Either way a session is a row of our own table, found by the digest of what `sessionOf` answers; roles are never kept here.
 */
export interface SignIn {
  /**
   * Keeps the password under which a member will sign in, and answers what is stored with him: a slow hash, or where the password
   * is. It must have passed the rules of `domain/password.ts`. Throws `NotTaken`.
   */
  hashPassword(password: string, email: string): Promise<string>;
  /**
   * Whether it is the password of the member with this e-mail, of whom `hash` is stored. Takes as long when `hash` is null, so
   * that the answer's time does not tell whether the member exists.
   */
  verifyPassword(password: string, hash: string | null, email: string): Promise<boolean>;
  /** The same for a browser at the sign-in form: once it answers `in`, `begin` can be called with the same jar. */
  enter(given: { email: string; password: string }, hash: string | null, jar: CookieJar): Promise<Entry>;
  /** Begins the session of whoever has entered. From now on `sessionOf` the jar is its token. */
  begin(jar: CookieJar): Promise<Token>;
  /** What names the session of these cookies, proven and not only said; null = none. For `write` it must not have ended anywhere. */
  sessionOf(jar: Pick<CookieJar, 'getAll'>, need: Need): Promise<string | null>;
  /** Takes the session out of the browser. The row in our table is another matter. */
  end(jar: CookieJar): Promise<void>;
  /** Tells the outside service, if any, that a member was shut out or let in again. Our own table decides without it. */
  bar(hash: string | null, isBarred: boolean): Promise<void>;
  /** The token under which this session is known to the outside service, if any; only for the browser that holds it. */
  outsideToken(jar: Pick<CookieJar, 'getAll'>): Promise<string | null>;
  newToken(): Token;
  digest(token: string): Uint8Array;
  /** Compares in constant time, whatever the lengths. */
  sameSecret(given: string, expected: string): boolean;
}
