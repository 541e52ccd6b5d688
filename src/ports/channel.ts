/**
 * What a message is for. `repeat` and `escalated` say again what still holds; `acknowledged` and `resolved` change what was
 * said: a channel that can edit edits its first message of the alert, and answers it for the former two.
 */
export type Purpose = 'opened' | 'repeat' | 'escalated' | 'acknowledged' | 'resolved' | 'digest' | 'test';

/** One message about one alert, in plain text; each channel escapes and cuts it for itself. */
export interface AlertMessage {
  purpose: Purpose;
  /** Six characters that name the alert in every channel, e.g. `A1B2C3`. */
  shortId: string;
  severity: 'critical' | 'warning' | 'info';
  title: string;
  text: string;
  fields: readonly { label: string; value: string }[];
  /** When the alert was opened, epoch ms. */
  openedAt: number;
  /** Where the alert can be looked at and acted upon; null where there is no such page. Holds a single-use secret. */
  link: string | null;
  /** True when an earlier attempt of this very message had an unknown outcome. */
  isPossibleRepeat: boolean;
  /** The same for every attempt of one delivery; receivers that recognise repeats get it. */
  deliveryKey: string;
  /** The same for all messages about one alert on one channel. */
  incidentKey: string;
  /** How the receiver called the first message about this alert; null when it told nothing or there was none. */
  sentRef: string | null;
}

/** What became of one attempt. `unknown` says that the receiver may have got it although no answer came. */
export type SendOutcome =
  /** `ref`: how the receiver calls the message, where it can be edited or answered. */
  | { outcome: 'sent'; ref?: string }
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
  /**
   * Whether an earlier attempt of this very message has arrived, where the receiver can be asked; null when it cannot be told.
   * Called before a possible repeat is sent. Never throws for what the world does.
   */
  findSent?(message: AlertMessage, signal: AbortSignal): Promise<{ arrived: boolean; ref?: string } | null>;
}

/** Every kind of channel; each has its folder in `adapters/channels`. */
export const channelKinds = [
  'slack',
  'slack_bot',
  'telegram',
  'whatsapp',
  'email',
  'web_push',
  'pagerduty',
  'webhook',
] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Kinds whose receiver keeps each alert as a thing of its own, which has to end there: by an edit, an event, or a program. */
export const incidentKinds: readonly ChannelKind[] = ['slack_bot', 'telegram', 'pagerduty', 'webhook'];

/** A channel built from what an operator entered, or what is wrong with that. */
export type BuiltChannel = { ok: true; channel: Channel; shown: string } | { ok: false; problem: string };

/** Builds channels: `entered` is the JSON of the kind's own settings; `shown` names them without their secrets. */
export type BuildChannel = (kind: ChannelKind, entered: unknown) => BuiltChannel;
