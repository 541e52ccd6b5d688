import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AlertMessage } from '../../../ports/channel.ts';
import { alert, jsonIn, says, startReceiver, type Receiver } from '../receiver.fixture.ts';
import { pagerdutyChannel } from './send.ts';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received = [];
  receiver.answer = says(202, { status: 'success', message: 'Event processed', dedup_key: '7-1' });
});

const routingKey = 'CANARY00000000000000000000000abc';
const send = (message: Partial<AlertMessage>) =>
  pagerdutyChannel(
    { routingKey },
    { fetch, apiUrl: receiver.origin, appUrl: 'https://arbhub.example.com/' },
  ).send({ ...alert, ...message }, AbortSignal.timeout(5_000));

it('triggers an incident', async () => {
  expect(await send({ link: 'https://arbhub.example.com/a/1', isPossibleRepeat: true })).toEqual({
    outcome: 'sent',
  });
  expect(receiver.received).toMatchObject([{ method: 'POST', path: '/v2/enqueue' }]);
  expect(receiver.received.map(jsonIn)).toEqual([
    {
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: '7-1',
      client: 'ArbHub',
      client_url: 'https://arbhub.example.com/',
      links: [{ href: 'https://arbhub.example.com/a/1', text: 'Open in ArbHub' }],
      payload: {
        summary: 'Account suspended: act_123: active → disabled [A1B2C3]',
        source: 'arbhub.example.com',
        severity: 'critical',
        timestamp: '2026-11-18T11:06:40.000Z',
        component: 'Facebook ad accounts',
        custom_details: { Vendor: 'North' },
      },
    },
  ]);
});

it.each([
  ['repeat', 'trigger'],
  ['escalated', 'trigger'],
  ['test', 'trigger'],
  ['acknowledged', 'acknowledge'],
  ['resolved', 'resolve'],
] as const)('a message of purpose %s is an event %s of the same incident', async (purpose, action) => {
  expect(await send({ purpose })).toEqual({ outcome: 'sent' });
  expect(receiver.received.map(jsonIn)).toMatchObject([{ event_action: action, dedup_key: '7-1' }]);
});

it('takes no digest', async () => {
  expect(await send({ purpose: 'digest' })).toEqual({
    outcome: 'dead',
    reason: 'PagerDuty takes no digests',
    disablesChannel: false,
  });
  expect(receiver.received).toEqual([]);
});
