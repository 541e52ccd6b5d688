import { afterAll, beforeAll, expect, it } from 'vitest';
import { alert, jsonIn, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { whatsappChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

it('sends the template with its three parameters', async () => {
  receiver.answer = says(200, { messaging_product: 'whatsapp', messages: [{ id: 'wamid.HBg' }] });
  const channel = whatsappChannel(
    {
      phoneNumberId: '123456789012345',
      token: 'EAAExampleTokenCANARY',
      to: '15551234567',
      template: 'arbhub_alert',
      language: 'en_US',
    },
    { fetch, apiUrl: `${receiver.origin}/`, version: 'v26.0' },
  );
  const message = {
    ...alert,
    text: 'act_123:\n\tactive    →     disabled',
    link: 'https://arbhub.example.com/a/1',
    isPossibleRepeat: true,
    purpose: 'escalated' as const,
  };
  expect(await channel.send(message, AbortSignal.timeout(5_000))).toEqual({
    outcome: 'sent',
    ref: 'wamid.HBg',
  });
  const [got] = receiver.received;
  expect(got).toMatchObject({ method: 'POST', path: '/v26.0/123456789012345/messages' });
  expect(got?.headers.authorization).toBe('Bearer EAAExampleTokenCANARY');
  expect(got && jsonIn(got)).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '15551234567',
    type: 'template',
    template: {
      name: 'arbhub_alert',
      language: { code: 'en_US' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Escalated: Account suspended' },
            {
              type: 'text',
              text: 'Possible repeat: act_123: active → disabled https://arbhub.example.com/a/1',
            },
            { type: 'text', text: 'A1B2C3' },
          ],
        },
      ],
    },
    biz_opaque_callback_data: '7-1-0',
  });
});
