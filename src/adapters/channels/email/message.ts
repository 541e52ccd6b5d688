import type { SendMailOptions } from 'nodemailer';
import type { AlertMessage } from '../../../ports/channel.ts';
import { fit, fitLine, headline, htmlEscapes, linkOf, repeatMark } from '../words.ts';

const longest = { title: 150, text: 10_000, label: 100, value: 500, fields: 50 };
const colors = { critical: '#DC2626', warning: '#F59E0B', info: '#10B981' } as const;

/** Where a mail comes from and goes to. */
export interface MailEnds {
  from: string;
  to: readonly string[];
  /** The right half of message ids. */
  host: string;
}

/**
 * One mail. The message id is the delivery's, so that mail systems which drop what they had already drop a
 * repeat; answers to the first mail of an alert stand in its thread. Lines are made of one line each: nothing
 * can add a header.
 */
export function mailOf(message: AlertMessage, { from, to, host }: MailEnds): SendMailOptions {
  const title = fitLine(headline(message), longest.title);
  const thread = isMessageId(message.sentRef)
    ? { inReplyTo: message.sentRef, references: message.sentRef }
    : {};
  return {
    from,
    to: to.map((address) => ({ name: '', address })),
    subject: `${title} [${fitLine(message.shortId, 20)}]`,
    messageId: messageIdOf(message.deliveryKey, host),
    ...thread,
    priority: message.severity === 'critical' && message.purpose !== 'resolved' ? 'high' : 'normal',
    // Keeps holiday notes from answering: RFC 3834, section 5.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text: plainText(message, title),
    html: html(message, title),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** What the mail of this delivery is called, by any attempt. */
export function messageIdOf(deliveryKey: string, host: string): string {
  const plain = /^\[|[^A-Za-z0-9.-]/.test(host) ? 'arbhub.invalid' : host;
  return `<${deliveryKey.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}@${plain}>`;
}

function isMessageId(text: string | null): text is string {
  return /^<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>$/.test(text ?? '');
}

function plainText(message: AlertMessage, title: string): string {
  const link = linkOf(message);
  return [
    title,
    '',
    repeatMark(message) + fit(message.text.trim(), longest.text),
    '',
    ...fieldsOf(message).map(({ label, value }) => `${label}: ${value}`),
    ...(link === null ? [] : ['', `Open in ArbHub: ${link}`]),
    '',
    `[${fitLine(message.shortId, 20)}] ArbHub Monitoring System`,
  ].join('\n');
}

function html(message: AlertMessage, title: string): string {
  const color = message.purpose === 'resolved' ? colors.info : colors[message.severity];
  const link = linkOf(message);
  const text = repeatMark(message) + fit(message.text.trim(), longest.text);
  const rows = fieldsOf(message).map(
    ({ label, value }) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#6B7280">${escaped(label)}</td>` +
      `<td>${escaped(value)}</td></tr>`,
  );
  const button =
    link === null
      ? ''
      : `<p><a href="${escaped(link)}" style="display:inline-block;padding:10px 18px;border-radius:6px;` +
        `background:#111827;color:#FFFFFF;text-decoration:none">Open in ArbHub</a></p>`;
  return `<!doctype html><html><head><meta charset="utf-8"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;background:#F3F4F6;font:15px/1.5 system-ui,sans-serif;color:#111827">
<div style="max-width:560px;margin:0 auto;padding:20px 24px;background:#FFFFFF;
border-left:6px solid ${color};border-radius:6px">
<h1 style="margin:0 0 12px;font-size:19px">${escaped(title)}</h1>
<p style="white-space:pre-line">${escaped(text)}</p>
<table style="border-collapse:collapse">${rows.join('')}</table>
${button}
<p style="margin-bottom:0;color:#6B7280;font-size:12px">[${escaped(fitLine(message.shortId, 20))}]
ArbHub Monitoring System</p>
</div></body></html>`;
}

function fieldsOf({ fields }: AlertMessage): { label: string; value: string }[] {
  return fields.slice(0, longest.fields).map(({ label, value }) => ({
    label: fitLine(label, longest.label),
    value: fitLine(value, longest.value),
  }));
}

function escaped(text: string): string {
  return fit(text, Infinity, htmlEscapes);
}
