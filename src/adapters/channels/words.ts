// The words of a message that are the same in every medium, and cutting them to its size.
import type { AlertMessage, Purpose } from '../../ports/channel.ts';

const said: Partial<Record<Purpose, string>> = {
  repeat: 'Still open: ',
  escalated: 'Escalated: ',
  acknowledged: 'Acknowledged: ',
};

/** The title, with a word for what the message is for where it is not the first of its alert. */
export function headline({ purpose, title }: AlertMessage): string {
  return (said[purpose] ?? '') + title;
}

/** Begins a text that the receiver may have got already. */
export function repeatMark({ isPossibleRepeat }: AlertMessage): string {
  return isPossibleRepeat ? 'Possible repeat: ' : '';
}

/** Whether the message changes what was said, so that a channel that can edit edits its first message. */
export function isUpdate({ purpose }: AlertMessage): boolean {
  return purpose === 'acknowledged' || purpose === 'resolved';
}

/** Whether it says again what still holds, so that a channel with threads answers its first message. */
export function isReminder({ purpose }: AlertMessage): boolean {
  return purpose === 'repeat' || purpose === 'escalated';
}

/** The page of the alert as a plain address; null when there is none that a browser would open. */
export function linkOf({ link }: AlertMessage): string | null {
  if (link === null || !URL.canParse(link)) return null;
  const { protocol, href } = new URL(link);
  // The only character that is markup to Slack and stays as it is in an address.
  return protocol === 'https:' || protocol === 'http:' ? href.replaceAll('|', '%7C') : null;
}

/** Escapes `text` by `escapes` and cuts it to `longest`, counted after escaping, between two characters. */
export function fit(text: string, longest: number, escapes: Readonly<Record<string, string>> = {}): string {
  let whole = '';
  let fitting = '';
  for (const character of cleaned(text)) {
    whole += escapes[character] ?? character;
    if (whole.length < longest) fitting = whole;
    if (whole.length > longest) return longest > 0 ? `${fitting.trimEnd()}…` : '';
  }
  return whole;
}

/** The same on one line. */
export function fitLine(text: string, longest: number, escapes?: Readonly<Record<string, string>>): string {
  return fit(text.replace(/\s+/g, ' ').trim(), longest, escapes);
}

/** Escapes of HTML, in text as in quoted attributes. */
export const htmlEscapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' } as const;

/**
 * Half a surrogate pair makes JSON invalid for some; control characters have no business in a message, and
 * those that turn the direction of writing can make `act_123` read as another account.
 */
function cleaned(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/[^\P{Cc}\n\t]|[\u2028\u2029]/gu, ' ');
}
