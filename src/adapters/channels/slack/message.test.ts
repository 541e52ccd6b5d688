import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../../ports/channel.ts';
import { slackMessage } from './message.ts';

const alert: AlertMessage = {
  purpose: 'opened',
  shortId: 'A1B2C3',
  link: null,
  incidentKey: '1-1',
  sentRef: null,
  severity: 'critical',
  title: 'Account suspended',
  text: 'act_123: active → disabled',
  fields: [{ label: 'Vendor', value: 'North' }],
  openedAt: 1_795_000_000_999,
  isPossibleRepeat: false,
  deliveryKey: '7-1-0',
};
const attachmentOf = (change: Partial<AlertMessage>) => slackMessage({ ...alert, ...change }).attachments[0];

describe('slackMessage', () => {
  it('is exactly what the contract says', () => {
    expect(slackMessage(alert)).toEqual({
      attachments: [
        {
          color: '#DC2626',
          title: 'Account suspended',
          text: 'act_123: active → disabled [A1B2C3]',
          fields: [{ title: 'Vendor', value: 'North', short: true }],
          footer: 'ArbHub Monitoring System',
          ts: 1_795_000_000,
        },
      ],
    });
  });

  it.each([
    ['critical', '#DC2626'],
    ['warning', '#F59E0B'],
    ['info', '#10B981'],
  ] as const)('%s is %s', (severity, color) => {
    expect(attachmentOf({ severity }).color).toBe(color);
  });

  it.each([
    ['opened', 'Account suspended', '#DC2626'],
    ['test', 'Account suspended', '#DC2626'],
    ['digest', 'Account suspended', '#DC2626'],
    ['repeat', 'Still open: Account suspended', '#DC2626'],
    ['escalated', 'Escalated: Account suspended', '#DC2626'],
    ['acknowledged', 'Acknowledged: Account suspended', '#DC2626'],
    ['resolved', 'Account suspended', '#10B981'],
  ] as const)('says what %s is', (purpose, title, color) => {
    expect(attachmentOf({ purpose })).toMatchObject({ title, color });
    expect(attachmentOf({ purpose }).text).toBe('act_123: active → disabled [A1B2C3]');
  });

  it('has the link in a line of its own, before the short id', () => {
    const { text } = attachmentOf({
      link: 'https://arbhub.example.com/a/1?t=x|y&z=<',
      isPossibleRepeat: true,
    });
    expect(text).toBe(
      'Possible repeat: act_123: active → disabled\n' +
        '<https://arbhub.example.com/a/1?t=x%7Cy&amp;z=%3C|Open in ArbHub> [A1B2C3]',
    );
  });

  it('marks a possible repeat at the beginning of the text and nowhere else', () => {
    const repeat = attachmentOf({ isPossibleRepeat: true });
    expect(repeat.text).toBe('Possible repeat: act_123: active → disabled [A1B2C3]');
    expect(repeat.title).toBe('Account suspended');
  });

  it('leaves nothing that Slack would read as a mention or a link', () => {
    const evil = '<!channel> <@U1|you> & <https://evil|click>';
    const { title, text, fields } = attachmentOf({
      title: evil,
      text: evil,
      fields: [{ label: evil, value: evil }],
    });
    for (const part of [title, text, fields[0]?.title, fields[0]?.value])
      expect(part).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(text).toBe('&lt;!channel&gt; &lt;@U1|you&gt; &amp; &lt;https://evil|click&gt; [A1B2C3]');
  });

  it.each(['<', '&', 'a', '😀', 'ab&'])('cuts a text of %s between two characters', (piece) => {
    for (let more = 0; more < 6; more++) {
      const { text, title } = attachmentOf({
        isPossibleRepeat: true,
        text: 'x'.repeat(more) + piece.repeat(4_000),
        title: 'x'.repeat(more) + piece.repeat(400),
      });
      expect(text.length).toBeLessThanOrEqual(3_000);
      expect(text).toMatch(/^Possible repeat: x*.*… \[A1B2C3\]$/su);
      expect(title.length).toBeLessThanOrEqual(250);
      expect(text + title).not.toMatch(/&(?!amp;|lt;|gt;)|\p{Surrogate}/u);
    }
  });

  it('keeps a text whole that just fits', () => {
    const whole = 'x'.repeat(3_000 - ' [A1B2C3]'.length);
    expect(attachmentOf({ text: whole }).text).toBe(`${whole} [A1B2C3]`);
    expect(attachmentOf({ text: `${whole}x` }).text).toHaveLength(3_000);
  });

  it('takes an empty text, broken characters and many fields', () => {
    expect(attachmentOf({ text: '' }).text).toBe('[A1B2C3]');
    expect(attachmentOf({ text: 'a\u0000b\nc\uD83D' }).text).toBe('a b\nc\uFFFD [A1B2C3]');
    const fields = Array.from({ length: 99 }, (_, i) => ({ label: `${i}`, value: 'v'.repeat(900) }));
    const cut = attachmentOf({ fields }).fields;
    expect(cut).toHaveLength(20);
    expect(cut[0]?.value).toHaveLength(500);
    expect(cut[0]?.short).toBe(false);
  });
});
