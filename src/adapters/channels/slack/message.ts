import type { AlertMessage } from '../../../ports/channel.ts';

/** What is posted to an incoming webhook. */
export interface SlackMessage {
  attachments: [
    {
      color: string;
      title: string;
      text: string;
      fields: { title: string; value: string; short: boolean }[];
      footer: 'ArbHub Monitoring System';
      /** Seconds since 1970. */
      ts: number;
    },
  ];
}

const colors = { critical: '#DC2626', warning: '#F59E0B', info: '#10B981' } as const;

// Slack drops what is beyond 8,000 characters of an attachment's text and folds long ones; counted after escaping.
const longest = { title: 250, text: 3_000, label: 100, value: 500, fields: 20 };

/** The words of one alert as Slack takes them; the short id always stays at the end of the text. */
export function slackMessage(message: AlertMessage): SlackMessage {
  const prefix = message.isPossibleRepeat ? 'Possible repeat: ' : '';
  const suffix = ` [${escapeAndCut(message.shortId, 20)}]`;
  const text = escapeAndCut(message.text.trim(), longest.text - prefix.length - suffix.length);
  return {
    attachments: [
      {
        color: colors[message.severity],
        title: escapeAndCut(message.title, longest.title),
        text: prefix + (text + suffix).trimStart(),
        fields: message.fields.slice(0, longest.fields).map(({ label, value }) => ({
          title: escapeAndCut(label, longest.label),
          value: escapeAndCut(value, longest.value),
          short: value.length <= 40,
        })),
        footer: 'ArbHub Monitoring System',
        ts: Math.floor(message.openedAt / 1000),
      },
    ],
  };
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Escapes what Slack reads as markup for mentions and links, and cuts to `length` between two characters. */
function escapeAndCut(text: string, length: number): string {
  let whole = '';
  let fitting = '';
  for (const character of cleaned(text)) {
    whole += escapes[character] ?? character;
    if (whole.length < length) fitting = whole;
    if (whole.length > length) return `${fitting.trimEnd()}…`;
  }
  return whole;
}

/** Half a surrogate pair makes the JSON invalid for Slack; control characters have no business in a message. */
function cleaned(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[^\P{Cc}\n\t]/gu, ' ');
}
