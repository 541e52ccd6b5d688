// Texts that try to be more than text, through every medium that is not mail (mail has its own test).
import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../ports/channel.ts';
import { pagerdutyEvent } from './pagerduty/message.ts';
import { hostileTexts, saying } from './receiver.fixture.ts';
import { slackMessage } from './slack/message.ts';
import { postedMessage } from './slack-bot/message.ts';
import { telegramText } from './telegram/message.ts';
import { longestPayload, webPushPayload } from './web-push/message.ts';
import { webhookBody } from './webhook/message.ts';
import { whatsappMessage } from './whatsapp/message.ts';
import { fit } from './words.ts';

const to = { to: '15551234567', template: 'arbhub_alert', language: 'en' };
const event = { routingKey: 'x'.repeat(32), appUrl: 'https://arbhub.example.com' };

const cases = hostileTexts.flatMap((text, i) =>
  ([true, false] as const).flatMap((isPossibleRepeat) =>
    [
      null,
      'https://arbhub.example.com/a/1?t=<x>|&y="2"',
      `https://x.example/${text.slice(0, 3_000)}`,
      text,
    ].map((link, j) => [`${i}.${isPossibleRepeat}.${j}`, saying(text, { isPossibleRepeat, link })] as const),
  ),
);

/** All strings in it, however deep. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** What no medium may get: halves of characters, control characters, turned writing. */
function expectClean(value: unknown): void {
  for (const text of stringsIn(value)) {
    expect(/\p{Surrogate}/u.test(text)).toBe(false);
    expect(/[^\P{Cc}\n\t]|[\u2028-\u202E\u2066-\u2069]/u.test(text)).toBe(false);
  }
}

const openedBy = (message: AlertMessage) => ({ ...message, purpose: 'opened' as const });

describe('hostile texts', () => {
  it.each(cases)('Slack %s', (_name, message) => {
    for (const { attachments } of [slackMessage(message), postedMessage(message, 'C0123456789', null)]) {
      const [{ text, title, fields }] = attachments as ReturnType<typeof slackMessage>['attachments'];
      expectClean(attachments);
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text).toMatch(/\[A1B2C3\]$/);
      expect(title.length).toBeLessThanOrEqual(250);
      // The only markup is the link of ours, in a line of its own.
      const rest = text.replace(/(^|\n| )<https?:\/\/[^<>|\s]+\|Open in ArbHub> \[A1B2C3\]$/, '');
      for (const words of [rest, title, ...fields.flatMap((field) => [field.title, field.value])])
        expect(/[<>]|&(?!amp;|lt;|gt;)/.test(words)).toBe(false);
    }
  });

  it.each(cases)('Telegram %s', (_name, message) => {
    const text = telegramText(message);
    expectClean(text);
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text).toMatch(/\[A1B2C3\]$/);
    const rest = text
      .replace(/<b>([^<>]*)<\/b>/, '$1')
      .replace(/<a href="https?:[^"<>\s]+">Open in ArbHub<\/a>/, '');
    expect(/[<>"]|&(?!amp;|lt;|gt;|quot;)/.test(rest)).toBe(false);
    expect(/@\w/.test(rest)).toBe(false);
  });

  it.each(cases)('WhatsApp %s', (_name, message) => {
    const sent = whatsappMessage(message, to);
    expectClean(sent);
    const words = sent.template.components.flatMap(({ parameters }) => parameters.map(({ text }) => text));
    expect(words).toHaveLength(3);
    expect(words.join('').length).toBeLessThanOrEqual(1_024);
    for (const word of words) {
      expect(word).not.toBe('');
      expect(/[\n\t]| {4}/.test(word)).toBe(false);
    }
  });

  it.each(cases)('web push %s', (_name, message) => {
    const payload = webPushPayload(message);
    expectClean(JSON.parse(payload));
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(longestPayload);
    expect(JSON.parse(payload)).toMatchObject({ shortId: 'A1B2C3', tag: '7-1' });
  });

  it.each(cases)('PagerDuty %s', (_name, message) => {
    const sent = pagerdutyEvent(openedBy(message), event);
    expectClean(sent);
    expect(JSON.stringify(sent).length).toBeLessThan(500_000);
    expect(sent).toMatchObject({ dedup_key: '7-1', payload: { severity: 'critical' } });
    const { summary } = 'payload' in sent ? sent.payload : { summary: '' };
    expect(summary.length).toBeLessThanOrEqual(1_024);
    expect(summary).toMatch(/\[A1B2C3\]$/);
  });

  it.each(cases)('webhook %s', (_name, message) => {
    const sent = webhookBody(message);
    expectClean(JSON.parse(sent));
    expect(JSON.parse(sent)).toMatchObject({ deliveryKey: '7-1-0', alert: { severity: 'critical' } });
    expect(Buffer.byteLength(sent)).toBeLessThan(1_000_000);
  });

  it('opens no link but http and https', () => {
    for (const link of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'x', '']) {
      const message = saying('x', { link });
      expect(slackMessage(message).attachments[0].text).toBe('x [A1B2C3]');
      expect(telegramText(message)).not.toContain('href');
      expect(JSON.parse(webPushPayload(message))).toMatchObject({ url: null });
    }
  });
});

describe('fit', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀', 4, '😀😀'],
    ['😀😀😀', 4, '😀…'],
    ['a b', 2, 'a…'],
    ['&&', 5, '…'],
    ['&', 5, '&amp;'],
    ['abc', 0, ''],
    ['', 0, ''],
  ])('%j in %i is %j', (text, longest, fitting) => {
    expect(fit(text, longest, { '&': '&amp;' })).toBe(fitting);
  });
});
