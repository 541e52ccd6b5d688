import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { smtpLetters } from './letter.ts';
import { startMailServer, type MailServer } from './mail-server.fixture.ts';

let server: MailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());
beforeEach(() => {
  Object.assign(server, { mails: [], commands: [], answers: {} });
});

const letter = {
  to: 'jane@agency.example',
  subject: 'You are invited\r\nBcc: evil@agency.example',
  text: 'Choose a password here:\nhttps://arbhub.example/invite/abc\n',
};
const send = (url = `smtp://user:CANARY@127.0.0.1:${server.port}`) =>
  smtpLetters({
    smtpUrl: url,
    mailFrom: 'ArbHub <alerts@example.com>',
    appUrl: 'https://arbhub.example',
  }).send(letter);

test('a letter goes to its one reader, and no word of it becomes a header', async () => {
  expect(await send()).toEqual({ isSent: true });
  const [mail] = server.mails;
  expect(mail?.to).toEqual(['RCPT TO:<jane@agency.example>']);
  const [head = '', body = ''] = (mail?.data ?? '').split('\r\n\r\n');
  expect(head).not.toMatch(/^Bcc:/m);
  expect(head).toMatch(/^Auto-Submitted: auto-generated\r?$/m);
  expect(body).toContain('https://arbhub.example/invite/abc');
});

test('what the server refuses is told without the login', async () => {
  server.answers['RCPT'] = '550 5.1.1 CANARY no such user';
  const refused = await send();
  expect(refused).toEqual({ isSent: false, problem: expect.stringMatching(/^SMTP 550/) });
  const unreached = await send('smtp://user:CANARY@127.0.0.1:1');
  expect(unreached).toMatchObject({ isSent: false });
  expect(JSON.stringify([refused, unreached])).not.toContain('CANARY');
});
