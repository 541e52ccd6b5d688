import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../../ports/channel.ts';
import { alert, jsonIn, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { telegramChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received = [];
});

const settings = { botToken: '123456789:AACANARY_CANARY_CANARY_0123456789', chatId: '-1001234567890' };
const send = (message: Partial<AlertMessage> = {}) =>
  telegramChannel(settings, { fetch, apiUrl: receiver.origin }).send(
    { ...alert, ...message },
    AbortSignal.timeout(5_000),
  );
const posted = says(200, { ok: true, result: { message_id: 43 } });
const methods = () => receiver.received.map(({ path }) => path.replace(/^\/bot[^/]+\//, ''));
const refused = (description: string) => says(400, { ok: false, error_code: 400, description });

describe('a Telegram chat', () => {
  it('gets HTML without a preview', async () => {
    receiver.answer = posted;
    expect(await send({ link: 'https://arbhub.example.com/a/1?t=x&y=2', isPossibleRepeat: true })).toEqual({
      outcome: 'sent',
      ref: '43',
    });
    const [got] = receiver.received;
    expect(got?.path).toBe(`/bot${settings.botToken}/sendMessage`);
    expect(got && jsonIn(got)).toEqual({
      chat_id: '-1001234567890',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      text:
        '🔴 <b>Account suspended</b>\nPossible repeat: act_123: active → disabled\nVendor: North\n' +
        '<a href="https://arbhub.example.com/a/1?t=x&amp;y=2">Open in ArbHub</a> [A1B2C3]',
    });
  });

  it.each(['acknowledged', 'resolved'] as const)('has its first message edited when %s', async (purpose) => {
    receiver.answer = says(200, { ok: true, result: { message_id: 42 } });
    expect(await send({ purpose, sentRef: '42', isPossibleRepeat: true })).toEqual({
      outcome: 'sent',
      ref: '42',
    });
    expect(methods()).toEqual(['editMessageText']);
    expect(receiver.received.map(jsonIn)).toMatchObject([{ message_id: 42, parse_mode: 'HTML' }]);
    const text = receiver.received[0]?.raw.toString();
    expect(text).toContain(purpose === 'resolved' ? '🟢 <b>' : '🔴 <b>Acknowledged: ');
    expect(text).not.toContain('Possible repeat');
  });

  it('takes an edit that changes nothing for done', async () => {
    receiver.answer = refused('Bad Request: message is not modified: specified new message content …');
    expect(await send({ purpose: 'resolved', sentRef: '42' })).toEqual({ outcome: 'sent', ref: '42' });
    expect(methods()).toEqual(['editMessageText']);
  });

  it.each(['message to edit not found', "message can't be edited", 'MESSAGE_ID_INVALID'])(
    'is told anew after "%s"',
    async (words) => {
      receiver.answer = (request, response, got) =>
        (receiver.received.length === 1 ? refused(`Bad Request: ${words}`) : posted)(request, response, got);
      expect(await send({ purpose: 'resolved', sentRef: '42' })).toEqual({ outcome: 'sent', ref: '43' });
      expect(methods()).toEqual(['editMessageText', 'sendMessage']);
    },
  );

  it.each(['repeat', 'escalated'] as const)('gets an answer to the first at a %s', async (purpose) => {
    receiver.answer = posted;
    await send({ purpose, sentRef: '42' });
    expect(methods()).toEqual(['sendMessage']);
    expect(receiver.received.map(jsonIn)).toMatchObject([
      { reply_parameters: { message_id: 42, allow_sending_without_reply: true } },
    ]);
  });

  it('gets a message of its own where no first one is known', async () => {
    receiver.answer = posted;
    for (const sentRef of [null, 'C1:1.2', '<7@x>']) await send({ purpose: 'resolved', sentRef });
    expect(methods()).toEqual(['sendMessage', 'sendMessage', 'sendMessage']);
    expect(JSON.stringify(receiver.received.map(jsonIn))).not.toContain('reply_parameters');
  });

  it('waits longer between messages in a group', () => {
    const spacing = (chatId: string) =>
      telegramChannel({ ...settings, chatId }, { fetch, apiUrl: receiver.origin }).spacingMs;
    expect([spacing('123'), spacing('-123'), spacing('@name')]).toEqual([1_000, 3_000, 3_000]);
  });
});
