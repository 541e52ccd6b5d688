import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, retry, systemWord } from '../http.ts';

/** A failure as nodemailer tells it; `response` is the server's own line and gets into no reason. */
interface MailError {
  code?: unknown;
  originalCode?: unknown;
  command?: unknown;
  response?: unknown;
  responseCode?: unknown;
  rejectedErrors?: unknown;
}

/** Enhanced codes of a mailbox or domain that does not exist (any more): RFC 3463, sections 3.2 and 3.3. */
const goneMailbox = /^[0-9]{3}[ -]5\.(1\.(1|2|3|6|10)|2\.1)\b/;

/** How far the mail had got when it failed. */
export interface Progress {
  /** The whole mail was written: without an answer the server may have taken it. */
  isHandedOver: boolean;
  isTimedOut: boolean;
}

/** What a failure means: RFC 5321, section 4.2. A 5xx is final for this mail, hardly ever for the next. */
export function outcomeOfMailError(thrown: unknown, { isHandedOver, isTimedOut }: Progress): SendOutcome {
  const error: MailError = thrown instanceof Error ? (thrown as MailError) : {};
  const code = typeof error.responseCode === 'number' ? error.responseCode : null;
  if (code === null) {
    if (isTimedOut) return retry('no answer in time', isHandedOver);
    if (error.code === 'EMESSAGE') return dead('the mail is larger than the server takes', false);
    const word = systemWord(error.originalCode) ?? systemWord(error.code) ?? 'unknown';
    return retry(`${isHandedOver ? 'no answer to the mail' : 'no connection'} (${word})`, isHandedOver);
  }
  const reason = `SMTP ${code}`;
  if (error.code === 'EAUTH' && code >= 500)
    return dead(`${reason}: the login of SMTP_URL was refused`, true);
  if (code === 530) return dead(`${reason}: the server wants a login in SMTP_URL`, true);
  // 503: the conversation got out of step, which says nothing about the mail.
  const isAboutMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (code < 500 || code === 503 || !isAboutMail) return retry(reason, false);
  const refusals = Array.isArray(error.rejectedErrors) ? (error.rejectedErrors as unknown[]) : [];
  if (error.command !== 'RCPT TO') return dead(`${reason}: the mail was refused`, false);
  const areGone = refusals.length > 0 && refusals.every((refusal) => goneMailbox.test(responseOf(refusal)));
  return areGone
    ? dead(`${reason}: no such mailbox`, true)
    : dead(`${reason}: the recipients were refused`, false);
}

function responseOf(refusal: unknown): string {
  const { response } = refusal instanceof Error ? (refusal as MailError) : {};
  return typeof response === 'string' ? response : '';
}
