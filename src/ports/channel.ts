/** One message about one alert, in plain text; each channel escapes and cuts it for itself. */
export interface AlertMessage {
  /** Six characters that name the alert in every channel, e.g. `A1B2C3`. */
  shortId: string;
  severity: 'critical' | 'warning' | 'info';
  title: string;
  text: string;
  fields: readonly { label: string; value: string }[];
  /** When the alert was opened, epoch ms. */
  openedAt: number;
  /** True when an earlier attempt of this very message had an unknown outcome. */
  isPossibleRepeat: boolean;
  /** The same for every attempt of one delivery; receivers that recognise repeats get it. */
  deliveryKey: string;
}

/** What became of one attempt. `unknown` says that the receiver may have got it although no answer came. */
export type SendOutcome =
  | { outcome: 'sent' }
  /** Try again, no sooner than `retryAfterMs` where the receiver asked for it; `pauses` stops the whole channel till then. */
  | {
      outcome: 'retry';
      reason: string;
      retryAfterMs: number | null;
      pausesChannel: boolean;
      mayHaveArrived: boolean;
    }
  /** This message will never be accepted; with `disablesChannel` no message will. */
  | { outcome: 'dead'; reason: string; disablesChannel: boolean };

/** One configured way to reach people. */
export interface Channel {
  /** Shortest time between two messages that the receiver allows, in milliseconds. */
  readonly spacingMs: number;
  /** Sends once. Never throws for what the world does; `signal` aborts at the attempt's deadline. */
  send(message: AlertMessage, signal: AbortSignal): Promise<SendOutcome>;
}
