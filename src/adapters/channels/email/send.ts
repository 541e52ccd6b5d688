import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Channel, SendOutcome } from '../../../ports/channel.ts';
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
export function emailChannel({ to }: EmailSettings, mailer: Mailer): Channel {
  const host = new URL(mailer.appUrl).hostname;
  return {
    spacingMs: 200,
    async send(message, signal) {
      const posted = await postMail(mailOf(message, { from: mailer.mailFrom, to, host }), mailer, signal);
      return posted.outcome === 'sent' ? { ...posted, ref: messageIdOf(message.deliveryKey, host) } : posted;
    },
  };
}

/** Hands one mail to the mail server. Never throws for what the world does. */
export async function postMail(
  mail: SendMailOptions,
  { smtpUrl, appUrl }: Mailer,
  signal: AbortSignal,
): Promise<SendOutcome> {
  let isHandedOver = false;
  // Among what nodemailer reports this one says that the last byte of the mail is written.
  const hear = (entry: unknown): void => {
    if ((entry as { tnx?: unknown } | null)?.tnx === 'message') isHandedOver = true;
  };
  const logger = { trace: hear, debug: hear, info: hear, warn: hear, error: hear, fatal: hear };
  // A connection of its own for each mail: a kept one may be closed by the server just as we write.
  const transport = createTransport({ url: smtpUrl, pool: false, name: new URL(appUrl).hostname, logger });
  try {
    await transport.sendMail({ ...mail, signal });
    return { outcome: 'sent' };
  } catch (error) {
    return outcomeOfMailError(error, { isHandedOver, isTimedOut: signal.aborted });
  } finally {
    transport.close();
  }
}
