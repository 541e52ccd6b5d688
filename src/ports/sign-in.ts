/** A fresh secret and what of it may be stored. */
interface Token {
  /** 256 random bits, for the holder alone. */
  token: string;
  /** Its SHA-256; nothing else of it ever reaches the database. */
  digest: Uint8Array;
}

/** The cryptography behind sign-in: passwords, session tokens, comparison of secrets. */
export interface SignIn {
  /** Slow by design. The password must have passed the rules of `domain/password.ts`. */
  hashPassword(password: string): Promise<string>;
  /** Takes as long when `hash` is null, so that the answer's time does not tell whether the member exists. */
  verifyPassword(password: string, hash: string | null): Promise<boolean>;
  newToken(): Token;
  digest(token: string): Uint8Array;
  /** Compares in constant time, whatever the lengths. */
  sameSecret(given: string, expected: string): boolean;
}
