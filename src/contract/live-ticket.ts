/** What a screen needs to hear news by Supabase Realtime. It is told to nobody but the browser of a signed-in member. */
export interface LiveTicket {
  /** Realtime's address. */
  url: string;
  /** The project's key for browsers. */
  key: string;
  /** The private channel that the news come on; it moves when somebody may hear less. */
  topic: string;
  /** The member's own access token. */
  token: string;
  /** The server's clock, epoch ms. */
  now: number;
}
