// The one attachment by which both Slack channels, the webhook and the bot, tell of an alert.
import type { AlertMessage } from '../../ports/channel.ts';
import { fit, headline, linkOf, repeatMark } from './words.ts';

export interface SlackAttachment {
  color: string;
  title: string;
  text: string;
  fields: { title: string; value: string; short: boolean }[];
  footer: 'ArbHub Monitoring System';
  /** Seconds since 1970. */
  ts: number;
}

const colors = { critical: '#DC2626', warning: '#F59E0B', info: '#10B981' } as const;

// Slack drops what is beyond 8,000 characters of an attachment's text and folds long ones; counted after
// escaping.
const longest = { title: 250, text: 3_000, label: 100, value: 500, fields: 20, link: 1_000 };

/** What Slack reads as markup: https://docs.slack.dev/messaging/formatting-message-text */
const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;

/** The words of one alert as Slack takes them; the short id always stays at the end of the text. */
export function slackAttachment(message: AlertMessage): SlackAttachment {
  const prefix = repeatMark(message);
  const suffix = `${linkLine(message)} [${fit(message.shortId, 20, escapes)}]`;
  const text = fit(message.text.trim(), longest.text - prefix.length - suffix.length, escapes);
  return {
    color: message.purpose === 'resolved' ? colors.info : colors[message.severity],
    title: fit(headline(message), longest.title, escapes),
    text: prefix + (text + suffix).trimStart(),
    fields: message.fields.slice(0, longest.fields).map(({ label, value }) => ({
      title: fit(label, longest.label, escapes),
      value: fit(value, longest.value, escapes),
      short: value.length <= 40,
    })),
    footer: 'ArbHub Monitoring System',
    ts: Math.floor(message.openedAt / 1000),
  };
}

function linkLine(message: AlertMessage): string {
  const link = linkOf(message)?.replaceAll('&', '&amp;');
  return link === undefined || link.length > longest.link ? '' : `\n<${link}|Open in ArbHub>`;
}
