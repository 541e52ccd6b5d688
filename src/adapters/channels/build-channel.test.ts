import { inspect } from 'node:util';
import webPush from 'web-push';
import { describe, expect, it } from 'vitest';
import { channelKinds, type ChannelKind } from '../../ports/channel.ts';
import { buildChannels, type ChannelOptions } from './build-channel.ts';
import { channelTraits } from './kinds.ts';
import { browserKeys } from './receiver.fixture.ts';

const options: ChannelOptions = {
  clock: { now: async () => 0 },
  appUrl: 'https://arbhub.example.com',
  graphVersion: 'v26.0',
  smtpUrl: 'smtp://user:CANARY@mail.example.com',
  mailFrom: 'alerts@example.com',
  vapid: { ...webPush.generateVAPIDKeys(), subject: 'mailto:ops@example.com' },
};
const keys = browserKeys();
const whatsapp = {
  phoneNumberId: '123456789012345',
  token: 'EAAExampleTokenCANARY',
  to: '+15551234567',
  template: 'arbhub_alert',
  language: 'en_US',
};

const good: [ChannelKind, unknown, string][] = [
  ['slack', { webhookUrl: 'https://hooks.slack.com/services/T0/B0/CANARYa3f9' }, 'hooks.slack.com/…3f9'],
  ['slack_bot', { token: 'xoxb-CANARY-123456', channel: 'C0123456789' }, 'channel C0123456789'],
  ['telegram', { botToken: '123456:AACANARYCANARYCANARYCANARY', chatId: '-100123' }, 'chat -100123'],
  ['telegram', { botToken: '123456:AACANARYCANARYCANARYCANARY', chatId: -100123 }, 'chat -100123'],
  ['telegram', { botToken: '123456:AACANARYCANARYCANARYCANARY', chatId: '@our_alerts' }, 'chat @our_alerts'],
  ['whatsapp', whatsapp, '+15551234567, template arbhub_alert'],
  ['email', { to: ['ops@example.com'] }, 'ops@example.com'],
  ['email', { to: ['ops@example.com', 'a@example.com', 'b@example.com'] }, 'ops@example.com, 2 more'],
  [
    'web_push',
    { endpoint: 'https://push.example.com/send/CANARYabc', expirationTime: null, keys },
    'push.example.com/…abc',
  ],
  ['pagerduty', { routingKey: 'CANARY00000000000000000000000abc' }, 'integration key …abc'],
  ['webhook', { url: 'https://hooks.example.com/', secret: 'CANARYCANARYCANARY' }, 'hooks.example.com'],
  [
    'webhook',
    { url: 'https://hooks.example.com/in/CANARYxyz', secret: 'CANARYCANARYCANARY' },
    'hooks.example.com/…xyz',
  ],
];

describe('what was entered well', () => {
  it.each(good)('%s %#', (kind, entered, shown) => {
    const built = buildChannels(options)(kind, entered);
    expect(built).toMatchObject({ ok: true, shown });
    expect(inspect(built, { depth: 9 })).not.toMatch(/CANARY/);
  });
  it('is known for every kind', () => {
    expect(new Set(good.map(([kind]) => kind))).toEqual(new Set(channelKinds));
    expect(Object.keys(channelTraits).sort()).toEqual([...channelKinds].sort());
  });
});

const token = 'must be the token that BotFather gave, like 123456789:AA…';
const bad: [ChannelKind, unknown, string | RegExp][] = [
  ...channelKinds.flatMap((kind): [ChannelKind, unknown, string][] => [
    [kind, null, 'the settings must be a JSON object'],
    [kind, 'CANARY', 'the settings must be a JSON object'],
    [kind, ['CANARY'], 'the settings must be a JSON object'],
  ]),
  ['slack', {}, 'webhookUrl must be the address that Slack shows for the incoming webhook'],
  ['slack', { webhookUrl: 'CANARY' }, 'webhookUrl must be an https address'],
  ['slack', { webhookUrl: 'http://hooks.slack.com/CANARY' }, 'webhookUrl must be an https address'],
  ['slack', { webhookUrl: 'https://a:CANARY@hooks.slack.com/' }, /user name or a password/],
  ['slack', { webhookUrl: 'https://hooks.slack.com.example.com/CANARY' }, /hooks\.slack\.com/],
  ['slack', { webhookUrl: 'https://hooks.slack.com:8443/CANARY' }, /hooks\.slack\.com/],
  [
    'slack',
    { webhookUrl: 'https://hooks.slack.com/x', CANARY: 1 },
    /setting that this kind of channel does not have/,
  ],
  ['slack_bot', { token: 'xoxp-CANARY-123', channel: 'C0123456789' }, /^token must be the bot's token/],
  ['slack_bot', { token: 'xoxb-CANARY-123', channel: '#CANARY' }, /^channel must be the channel's id/],
  ['telegram', { botToken: 'CANARY', chatId: '1' }, `botToken ${token}`],
  ['telegram', { botToken: '1/../CANARY:AAAAAAAAAAAAAAAAAAAAAAA', chatId: '1' }, `botToken ${token}`],
  ['telegram', { botToken: '123456:AACANARYCANARYCANARYCANARY' }, /^chatId must be the number of a chat/],
  [
    'telegram',
    { botToken: '123456:AACANARYCANARYCANARYCANARY', chatId: 'CANARY' },
    /^chatId must be the number/,
  ],
  ['telegram', { botToken: '123456:AACANARYCANARYCANARYCANARY', chatId: 1.5 }, /^chatId must be the number/],
  ['whatsapp', { ...whatsapp, to: '555-CANARY' }, /^to must be a phone number with its country code/],
  ['whatsapp', { ...whatsapp, phoneNumberId: '1/CANARY' }, /^phoneNumberId must be the id/],
  ['whatsapp', { ...whatsapp, token: 'CANARY\r\nX: 1' }, /^token must be an access token/],
  ['whatsapp', { ...whatsapp, template: 'CANARY' }, /^template must be/],
  ['whatsapp', { ...whatsapp, language: 'english' }, /^language must be/],
  ['email', {}, 'to must be a list of e-mail addresses'],
  ['email', { to: [] }, 'to must hold at least one address'],
  ['email', { to: ['CANARY'] }, 'to.0 must be an e-mail address'],
  ['email', { to: ['a@example.com\r\nBcc: CANARY@example.com'] }, 'to.0 must be an e-mail address'],
  ['email', { to: ['a@example.com, CANARY@example.com'] }, 'to.0 must be an e-mail address'],
  ['web_push', { endpoint: 'https://10.0.0.1/CANARY', keys }, 'endpoint must lead to a public address'],
  ['web_push', { endpoint: 'https://push.example.com/CANARY' }, 'keys must hold p256dh and auth'],
  [
    'web_push',
    { endpoint: 'https://push.example.com/', keys: { ...keys, auth: 'CANARY' } },
    /^keys\.auth must be 16/,
  ],
  ['pagerduty', { routingKey: 'CANARY' }, /^routingKey must be the 32 characters/],
  [
    'webhook',
    { url: 'http://hooks.example.com/CANARY', secret: 'CANARYCANARYCANARY' },
    'url must be an https address',
  ],
  [
    'webhook',
    { url: 'https://localhost/CANARY', secret: 'CANARYCANARYCANARY' },
    'url must lead to a public address',
  ],
  ['webhook', { url: 'https://hooks.example.com/', secret: 'CANARY' }, /^secret must have 16 to 256/],
];

describe('what was entered badly is told without being repeated', () => {
  it.each(bad)('%s %#', (kind, entered, problem) => {
    const built = buildChannels(options)(kind, entered);
    if (built.ok) throw new Error('was built');
    if (typeof problem === 'string') expect(built.problem).toBe(problem);
    else expect(built.problem).toMatch(problem);
    expect(built.problem).not.toMatch(/CANARY/);
  });
});

describe('what the operator has not set', () => {
  const entered = { to: ['ops@example.com'] };
  it.each([
    [{ smtpUrl: null }, /^SMTP_URL is not set/],
    [{ mailFrom: null }, /^MAIL_FROM is not set/],
    [{ mailFrom: 'nobody' }, /^MAIL_FROM must be an e-mail address/],
  ])('%j', (change, problem) => {
    const built = buildChannels({ ...options, ...change })('email', entered);
    expect(built).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
  });
  it('the key pair of web push', () => {
    const built = buildChannels({ ...options, vapid: null })('web_push', {
      endpoint: 'https://push.example.com/',
      keys,
    });
    expect(built).toEqual({ ok: false, problem: 'the key pair of web push is missing' });
  });
});

it('lets an operator name gateways of his own', () => {
  const build = buildChannels({ ...options, allowPrivate: true });
  expect(build('slack', { webhookUrl: 'http://127.0.0.1:4000/slack' })).toMatchObject({ ok: true });
  expect(build('webhook', { url: 'http://10.0.0.1/', secret: 'CANARYCANARYCANARY' })).toMatchObject({
    ok: true,
  });
});
