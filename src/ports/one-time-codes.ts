/** What an authenticator app is shown, to know the secret from then on. */
export interface Enrolment {
  /** In base32, to be typed where nothing can be scanned. */
  secret: string;
  /** The same as a drawing of `size` x `size` squares: what is dark, as the path of an SVG. */
  drawing: { size: number; path: string };
}

/** Codes that change with time, as authenticator apps show them, and codes for when there is no app. */
export interface OneTimeCodes {
  /** A fresh secret in base32. */
  newSecret(): string;
  enrolment(secret: string, email: string): Enrolment;
  /** Which step of time this code is of, counted since 1970, around an instant (epoch ms); null when it is none's. */
  stepOf(secret: string, code: string, at: number): number | null;
  /** A fresh code for when the phone is lost: too long to be guessed from its digest. */
  newRecoveryCode(): string;
}
