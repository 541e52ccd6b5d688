import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage, SendOutcome } from '../../../ports/channel.ts';
import { alert, hostileTexts, saying } from '../receiver.fixture.ts';
import { isSender } from './config.ts';
import { startMailServer, type MailServer } from './mail-server.fixture.ts';
import { messageIdOf } from './message.ts';
import { emailChannel } from './send.ts';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { mails: [], commands: [], answers: {} });
});

const to = ['ops@example.com', 'night@example.com'];
const smtpUrl = () => `smtp://user:CANARY@127.0.0.1:${server.port}`;

async function send(
  message: Partial<AlertMessage> = {},
  { url = smtpUrl(), signal = AbortSignal.timeout(9_000) } = {},
): Promise<SendOutcome> {
  const mailer = {
    smtpUrl: url,
    mailFrom: 'ArbHub <alerts@example.com>',
    appUrl: 'https://arbhub.example.com',
  };
  const outcome = await emailChannel({ to }, mailer).send({ ...alert, ...message }, signal);
  expect(JSON.stringify(outcome)).not.toMatch(/CANARY|EVIL|127\.0\.0\.1/);
  return outcome;
}
const again = (mayHaveArrived: boolean, reason?: unknown) => ({
  outcome: 'retry',
  reason: reason ?? (expect.any(String) as string),
  retryAfterMs: null,
  pausesChannel: false,
  mayHaveArrived,
});
const dead = (disablesChannel: boolean) =>
  expect.objectContaining({ outcome: 'dead', disablesChannel }) as unknown;

const headOf = (data: string) => data.slice(0, data.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');

describe('a mail', () => {
  it('says all, in text and in HTML, to everybody', async () => {
    expect(await send({ link: 'https://arbhub.example.com/a/1?t=x&y=2' })).toEqual({
      outcome: 'sent',
      ref: '<7-1-0@arbhub.example.com>',
    });
    expect(server.mails).toHaveLength(1);
    const [{ from, to: recipients, data } = { from: '', to: [], data: '' }] = server.mails;
    expect(from).toMatch(/<alerts@example.com>/);
    expect(recipients).toEqual(['RCPT TO:<ops@example.com>', 'RCPT TO:<night@example.com>']);
    const head = headOf(data);
    expect(head).toMatch(/^Subject: Account suspended \[A1B2C3\]$/m);
    expect(head).toMatch(/^Message-ID: <7-1-0@arbhub.example.com>$/m);
    expect(head).toMatch(/^From: ArbHub <alerts@example.com>$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).not.toMatch(/^(References|In-Reply-To):/m);
    expect(data).toMatch(/Content-Type: text\/plain/);
    expect(data).toMatch(/Content-Type: text\/html/);
    expect(decoded(data)).toContain('act_123: active → disabled');
    expect(decoded(data)).toContain('href="https://arbhub.example.com/a/1?t=x&amp;y=2"');
  });

  it('is one of a thread when the first is known', async () => {
    await send({ purpose: 'resolved', sentRef: '<7-1-0@arbhub.example.com>', deliveryKey: '7-1-3' });
    const head = headOf(server.mails[0]?.data ?? '');
    expect(head).toMatch(/^Subject: Account suspended \[A1B2C3\]$/m);
    expect(head).toMatch(/^References: <7-1-0@arbhub.example.com>$/m);
    expect(head).toMatch(/^In-Reply-To: <7-1-0@arbhub.example.com>$/m);
    expect(head).toMatch(/^Message-ID: <7-1-3@arbhub.example.com>$/m);
  });

  it('has the same id in every attempt and says that it may be a repeat', async () => {
    await send({ isPossibleRepeat: true });
    expect(headOf(server.mails[0]?.data ?? '')).toMatch(/^Message-ID: <7-1-0@arbhub.example.com>$/m);
    expect(decoded(server.mails[0]?.data ?? '')).toMatch(/^Possible repeat: act_123/m);
  });

  it.each(hostileTexts.map((text, i) => [i, text] as const))(
    'takes hostile text %i for text',
    async (_i, text) => {
      const evil = saying(text, {
        shortId: `A1B2C3${text.slice(0, 30)}`,
        deliveryKey: `7-1-0${text.slice(0, 200)}`,
        sentRef: `<x@y>\r\nBcc: victim@example.com`,
        link: `https://arbhub.example.com/${text.slice(0, 50)}`,
      });
      expect(await send(evil)).toMatchObject({ outcome: 'sent' });
      expect(server.mails).toHaveLength(1);
      expect(server.commands).toEqual(['EHLO', 'AUTH', 'MAIL', 'RCPT', 'RCPT', 'DATA', 'END']);
      const { data = '' } = server.mails[0] ?? {};
      const names = headOf(data).match(/^[^:\r\n]+(?=:)/gm);
      expect(new Set(names).size).toBe(names?.length);
      expect(names).not.toContain('Bcc');
      expect(names).not.toContain('References');
      expect(names?.filter((name) => name.toLowerCase() === 'subject')).toHaveLength(1);
      const shown = decoded(data.slice(data.indexOf('text/html')));
      expect(/<script|<img|<\/b>|<b>|evil\.example">/.test(shown)).toBe(false);
      expect(/[\u0000-\u0008\u202A-\u202E]/.test(decoded(data))).toBe(false);
      expect(data.length).toBeLessThan(500_000);
    },
  );
});

describe('a failure', () => {
  const hangUp = (socket: Socket): null => {
    socket.destroy();
    return null;
  };
  const end = (socket: Socket): null => {
    socket.end();
    return null;
  };
  const isSilent = (): null => null;
  const halfway = (socket: Socket): null => {
    socket.end('25');
    return null;
  };

  it.each([
    ['greeting 421', 'GREETING', '421 EVIL', again(false, 'SMTP 421')],
    ['greeting 554', 'GREETING', '554 EVIL', again(false, 'SMTP 554')],
    ['no greeting', 'GREETING', end, again(false)],
    ['EHLO cut', 'EHLO', hangUp, again(false)],
    ['EHLO 421', 'EHLO', '421 EVIL', again(false, 'SMTP 421')],
    ['login refused', 'AUTH', '535 5.7.8 EVIL', dead(true)],
    ['login disabled', 'AUTH', '534 5.7.9 EVIL', dead(true)],
    ['login failing for now', 'AUTH', '454 4.7.0 EVIL', again(false, 'SMTP 454')],
    ['login cut', 'AUTH', hangUp, again(false)],
    ['sender wants login', 'MAIL', '530 5.7.0 EVIL', dead(true)],
    ['sender refused', 'MAIL', '550 5.7.1 EVIL', dead(false)],
    ['sender later', 'MAIL', '451 4.3.0 EVIL', again(false, 'SMTP 451')],
    ['out of step', 'MAIL', '503 5.5.1 EVIL', again(false, 'SMTP 503')],
    ['sender cut', 'MAIL', hangUp, again(false)],
    ['no such mailbox', 'RCPT', '550 5.1.1 EVIL', dead(true)],
    ['mailbox disabled', 'RCPT', '550 5.2.1 EVIL', dead(true)],
    ['recipient refused 550', 'RCPT', '550 EVIL', dead(false)],
    ['recipient refused 551', 'RCPT', '551 5.7.1 EVIL', dead(false)],
    ['recipient refused 553', 'RCPT', '553 5.7.1 EVIL', dead(false)],
    ['recipient refused 554', 'RCPT', '554 5.7.1 EVIL', dead(false)],
    ['grey-listed', 'RCPT', '450 4.2.0 EVIL', again(false, 'SMTP 450')],
    ['mailbox full', 'RCPT', '452 4.2.2 EVIL', again(false, 'SMTP 452')],
    ['recipient cut', 'RCPT', hangUp, again(false)],
    ['DATA 451', 'DATA', '451 4.3.0 EVIL', again(false, 'SMTP 451')],
    ['DATA 554', 'DATA', '554 5.6.0 EVIL', dead(false)],
    ['DATA cut', 'DATA', hangUp, again(false)],
    ['mail refused', 'END', '554 5.7.1 EVIL spam', dead(false)],
    ['mail too large', 'END', '552 5.3.4 EVIL', dead(false)],
    ['mail later', 'END', '451 4.7.1 EVIL', again(false, 'SMTP 451')],
    ['no answer to the mail: reset', 'END', hangUp, again(true)],
    ['no answer to the mail: end', 'END', end, again(true)],
    ['half an answer to the mail', 'END', halfway, again(true)],
  ] as const)('%s', async (_name, command, answer, outcome) => {
    server.answers = { [command]: answer };
    expect(await send()).toEqual(outcome);
    expect(server.mails).toEqual([]);
  });

  it.each([
    ['GREETING', false],
    ['EHLO', false],
    ['RCPT', false],
    ['END', true],
  ] as const)('no answer in time to %s', async (command, mayHaveArrived) => {
    server.answers = { [command]: isSilent };
    expect(await send({}, { signal: AbortSignal.timeout(300) })).toEqual(
      again(mayHaveArrived, 'no answer in time'),
    );
  });

  it('the time was over before it began', async () => {
    expect(await send({}, { signal: AbortSignal.abort() })).toEqual(again(false, 'no answer in time'));
    expect(server.commands).toEqual([]);
  });

  it('cut in the middle of the mail: a mail without an end is none', async () => {
    server.answers = { LINE: hangUp };
    expect(await send({ text: 'line\n'.repeat(4_000) })).toMatchObject({ outcome: 'retry' });
    expect(server.mails).toEqual([]);
  });

  it('larger than the server says it takes', async () => {
    server.answers = {
      EHLO: '250-mail.example.com\r\n250-AUTH PLAIN\r\n250 SIZE 10',
      MAIL: '552 5.3.4 EVIL',
    };
    expect(await send()).toEqual(dead(false));
  });

  it('one of two recipients gets it', async () => {
    server.answers = {
      RCPT: (_socket: Socket, line: string) => (line.includes('night') ? '550 5.1.1 EVIL' : '250 ok'),
    };
    expect(await send()).toMatchObject({ outcome: 'sent' });
  });

  it('one refused for good, one for now', async () => {
    server.answers = {
      RCPT: (_socket: Socket, line: string) => (line.includes('night') ? '550 5.1.1 EVIL' : '450 EVIL'),
    };
    expect(await send()).toEqual(again(false, 'SMTP 450'));
  });

  it('nobody there, no such name, no TLS', async () => {
    const other = await startMailServer();
    await other.close();
    expect(await send({}, { url: `smtp://127.0.0.1:${other.port}` })).toEqual(
      again(false, 'no connection (ECONNREFUSED)'),
    );
    expect(await send({}, { url: 'smtp://nowhere.invalid:25' })).toEqual(again(false));
    expect(await send({}, { url: `smtps://127.0.0.1:${server.port}` })).toEqual(again(false));
    server.answers = { EHLO: '250-mail.example.com\r\n250 STARTTLS', STARTTLS: '220 go' };
    expect(await send({}, { signal: AbortSignal.timeout(1_000) })).toEqual(again(false));
    expect(server.commands).not.toContain('AUTH');
  });
});

it('takes a sender with and without a name, and nothing else', () => {
  for (const good of ['alerts@example.com', 'ArbHub <alerts@example.com>', '"A, B" <alerts@example.com>'])
    expect(isSender(good)).toBe(true);
  for (const bad of ['', 'alerts', 'a@example.com\r\nBcc: b@example.com', '<>', 'A <b>'])
    expect(isSender(bad)).toBe(false);
});

it('makes message ids of odd keys and hosts', () => {
  expect(messageIdOf('7-1-0', '[::1]')).toBe('<7-1-0@arbhub.invalid>');
  expect(messageIdOf('a>b\r\nc d', 'localhost')).toBe('<a_b__c_d@localhost>');
});

/** All parts of a mail as text, whatever their encoding. */
function decoded(data: string): string {
  const whole = Buffer.from(data.replace(/=\r\n/g, ''), 'latin1').toString('latin1');
  const plain = whole.replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const base64 = [...data.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString(),
  );
  return [Buffer.from(plain, 'latin1').toString(), ...base64].join('\n');
}
