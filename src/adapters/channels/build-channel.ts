// The one table of all kinds of channels: what is entered for each, how it is shown, how it is built.
import type { z } from 'zod';
import type { BuildChannel, BuiltChannel, Channel, ChannelKind } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { readEntered, shownAddress } from './entered.ts';
import { emailSettings, isSender } from './email/config.ts';
import { emailChannel } from './email/send.ts';
import { guardedFetch, problemOfAddress, type GuardOptions } from './guarded-fetch.ts';
import type { Fetch } from './http.ts';
import { pagerdutySettings } from './pagerduty/config.ts';
import { pagerdutyChannel } from './pagerduty/send.ts';
import { slackHosts, slackSettings } from './slack/config.ts';
import { slackChannel } from './slack/send.ts';
import { slackBotSettings } from './slack-bot/config.ts';
import { slackBotChannel } from './slack-bot/send.ts';
import { telegramSettings } from './telegram/config.ts';
import { telegramChannel } from './telegram/send.ts';
import { webPushSettings, type Vapid } from './web-push/config.ts';
import { webPushChannel } from './web-push/send.ts';
import { webhookSettings } from './webhook/config.ts';
import { webhookChannel } from './webhook/send.ts';
import { whatsappSettings } from './whatsapp/config.ts';
import { whatsappChannel } from './whatsapp/send.ts';

/** What the operator's settings say; addresses among them are trusted. */
export interface ChannelOptions extends GuardOptions {
  /** For the services' own addresses; Node's unless given. */
  fetch?: Fetch;
  clock: Pick<Clock, 'now'>;
  appUrl: string;
  slackApiUrl?: string;
  telegramApiUrl?: string;
  whatsappApiUrl?: string;
  /** The version of the Graph API, like `v26.0`: WhatsApp's Cloud API is a part of it. */
  graphVersion: string;
  pagerdutyApiUrl?: string;
  smtpUrl?: string | null;
  mailFrom?: string | null;
  /** Null until the installation has its key pair. */
  vapid?: Vapid | null;
}

/** What is built of good settings: a channel with its name, or a problem with the operator's own settings. */
type Built = { channel: Channel; shown: string } | { problem: string };

/** Builds channels from what was entered for them; never throws for that and never repeats it. */
export function buildChannels(options: ChannelOptions): BuildChannel {
  const send = options.fetch ?? fetch;
  const guarded = guardedFetch(options);
  const {
    appUrl,
    slackApiUrl = 'https://slack.com/api',
    telegramApiUrl = 'https://api.telegram.org',
    whatsappApiUrl = 'https://graph.facebook.com',
    pagerdutyApiUrl = 'https://events.pagerduty.com',
  } = options;

  const kinds: Record<ChannelKind, (entered: unknown) => BuiltChannel> = {
    slack: kind(slackSettings, ({ webhookUrl }) => {
      const problem = problemOfSlackAddress(webhookUrl, options);
      if (problem !== null) return { problem: `webhookUrl ${problem}` };
      return { channel: slackChannel({ webhookUrl, fetch: guarded }), shown: shownAddress(webhookUrl) };
    }),
    slack_bot: kind(slackBotSettings, (settings) => ({
      channel: slackBotChannel(settings, { fetch: send, apiUrl: slackApiUrl }),
      shown: `channel ${settings.channel}`,
    })),
    telegram: kind(telegramSettings, (settings) => ({
      channel: telegramChannel(settings, { fetch: send, apiUrl: telegramApiUrl }),
      shown: `chat ${settings.chatId}`,
    })),
    whatsapp: kind(whatsappSettings, (settings) => ({
      channel: whatsappChannel(settings, {
        fetch: send,
        apiUrl: whatsappApiUrl,
        version: options.graphVersion,
      }),
      shown: `+${settings.to}, template ${settings.template}`,
    })),
    email: kind(emailSettings, (settings) => {
      const { smtpUrl, mailFrom } = options;
      if (!smtpUrl) return { problem: 'SMTP_URL is not set: it names the server that takes mails' };
      if (!mailFrom) return { problem: 'MAIL_FROM is not set: it names the sender of mails' };
      if (!isSender(mailFrom))
        return { problem: 'MAIL_FROM must be an e-mail address, with or without a name' };
      const [first = '', ...others] = settings.to;
      const more = others.length === 0 ? '' : `, ${others.length} more`;
      return { channel: emailChannel(settings, { smtpUrl, mailFrom, appUrl }), shown: first + more };
    }),
    web_push: kind(webPushSettings, (settings) => {
      const problem = problemOfAddress(settings.endpoint, options);
      if (problem !== null) return { problem: `endpoint ${problem}` };
      if (!options.vapid) return { problem: 'the key pair of web push is missing' };
      const channel = webPushChannel(settings, { fetch: guarded, vapid: options.vapid });
      return { channel, shown: shownAddress(settings.endpoint) };
    }),
    pagerduty: kind(pagerdutySettings, (settings) => ({
      channel: pagerdutyChannel(settings, { fetch: send, apiUrl: pagerdutyApiUrl, appUrl }),
      shown: `integration key …${settings.routingKey.slice(-3)}`,
    })),
    webhook: kind(webhookSettings, (settings) => {
      const problem = problemOfAddress(settings.url, options);
      if (problem !== null) return { problem: `url ${problem}` };
      const channel = webhookChannel(settings, { fetch: guarded, clock: options.clock });
      return { channel, shown: shownAddress(settings.url) };
    }),
  };
  return (name, entered) => kinds[name](entered);
}

function kind<T>(schema: z.ZodType<T>, build: (settings: T) => Built): (entered: unknown) => BuiltChannel {
  return (entered) => {
    const read = readEntered(schema, entered);
    if (!read.ok) return read;
    const built = build(read.settings);
    return 'problem' in built ? { ok: false, problem: built.problem } : { ok: true, ...built };
  };
}

/** A known service is reached at its known hosts only. */
function problemOfSlackAddress(text: string, options: GuardOptions): string | null {
  const problem = problemOfAddress(text, options);
  if (problem !== null || options.allowPrivate === true) return problem;
  const url = new URL(text);
  return slackHosts.includes(url.hostname) && url.port === ''
    ? null
    : 'must begin with https://hooks.slack.com/, as Slack shows it';
}
