import { createTransport } from 'nodemailer';
import type { Channel } from '../../../ports/channel.ts';
import type { EmailSettings } from './config.ts';
import { outcomeOfMailError } from './failures.ts';
import { mailOf, messageIdOf } from './message.ts';

export interface Mailer {
  /** The operator's mail server, `smtp://user:password@host:port` or `smtps://…`. */
  smtpUrl: string;
  mailFrom: string;
  /** Whose host stands in message ids and greets the mail server. */
  appUrl: string;
}

/** People who get mails. A mail counts as sent when the server takes it for at least one of them. */
export function emailChannel({ to }: EmailSettings, { smtpUrl, mailFrom, appUrl }: Mailer): Channel {
  const host = new URL(appUrl).hostname;
  return {
    spacingMs: 200,
    async send(message, signal) {
      let isHandedOver = false;
      // Among what nodemailer reports this one says that the last byte of the mail is written.
      const hear = (entry: unknown): void => {
        if ((entry as { tnx?: unknown } | null)?.tnx === 'message') isHandedOver = true;
      };
      const logger = { trace: hear, debug: hear, info: hear, warn: hear, error: hear, fatal: hear };
      // A connection of its own for each mail: a kept one may be closed by the server just as we write.
      const transport = createTransport({ url: smtpUrl, pool: false, name: host, logger });
      try {
        await transport.sendMail({ ...mailOf(message, { from: mailFrom, to, host }), signal });
        return { outcome: 'sent', ref: messageIdOf(message.deliveryKey, host) };
      } catch (error) {
        return outcomeOfMailError(error, { isHandedOver, isTimedOut: signal.aborted });
      } finally {
        transport.close();
      }
    },
  };
}
