/** A mail to one person, in plain text. It may hold a secret that works once. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
}

/** Whoever carries letters. */
export interface Letters {
  /** Sends once, within seconds. Never throws for what the world does; `problem` holds no secret. */
  send(letter: Letter): Promise<{ isSent: true } | { isSent: false; problem: string }>;
}
