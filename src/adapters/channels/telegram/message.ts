import type { AlertMessage } from '../../../ports/channel.ts';
import { fit, fitLine, headline, htmlEscapes, linkOf, repeatMark } from '../words.ts';

// Telegram takes 4,096 characters, counted after its markup was read; counting ours is on the safe side.
const longest = { title: 300, text: 2_000, label: 60, value: 200, whole: 4_000, link: 1_000 };

/** A word joiner after "@" keeps a text from calling people by their names. */
const escapes = { ...htmlEscapes, '@': '@\u2060' };

const lights = { critical: '🔴', warning: '🟠', info: '🔵' } as const;

/** The words of one alert in Telegram's HTML: https://core.telegram.org/bots/api#html-style */
export function telegramText(message: AlertMessage): string {
  const light = message.purpose === 'resolved' ? '🟢' : lights[message.severity];
  const href = linkOf(message)?.replaceAll('&', '&amp;');
  const link =
    href === undefined || href.length > longest.link ? '' : `<a href="${href}">Open in ArbHub</a> `;
  const end = `\n${link}[${fit(message.shortId, 20, escapes)}]`;
  const text = `${light} <b>${fitLine(headline(message), longest.title, escapes)}</b>
${repeatMark(message)}${fit(message.text.trim(), longest.text, escapes)}`;
  return withFields(text, message, longest.whole - end.length) + end;
}

function withFields(text: string, { fields }: AlertMessage, space: number): string {
  let whole = text;
  for (const { label, value } of fields) {
    const line = `\n${fitLine(label, longest.label, escapes)}: ${fitLine(value, longest.value, escapes)}`;
    if (whole.length + line.length > space) return whole;
    whole += line;
  }
  return whole;
}
