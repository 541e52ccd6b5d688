// A real local SMTP server, just large enough: it records mails and answers each command as a test says.
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface MailServer {
  port: number;
  mails: { from: string; to: string[]; data: string }[];
  commands: string[];
  /** Answers by command (GREETING, EHLO, …, DATA, END); a function may do as it likes with the socket. */
  answers: Record<string, string | ((socket: Socket, line: string) => string | null)>;
  close(): Promise<void>;
}

const usual: Record<string, string> = {
  GREETING: '220 mail.example.com',
  EHLO: '250-mail.example.com\r\n250-AUTH PLAIN\r\n250 SIZE 1000000',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go on',
  END: '250 2.0.0 queued',
  QUIT: '221 bye',
  RSET: '250 ok',
};

export async function startMailServer(): Promise<MailServer> {
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let mail = { from: '', to: [] as string[], data: '' };
    let isData = false;
    let rest = '';
    const reply = (command: string, line: string): string | null => {
      const answer = server.answers[command] ?? usual[command] ?? '500 what?';
      const text = typeof answer === 'string' ? answer : answer(socket, line);
      if (text !== null) socket.write(`${text}\r\n`);
      return text;
    };
    reply('GREETING', '');
    socket.on('data', (part) => {
      rest += part.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (isData && line !== '.') {
          mail.data += `${line}\r\n`;
          const { LINE: hear } = server.answers;
          if (typeof hear === 'function') hear(socket, line);
          continue;
        }
        const command = isData ? 'END' : (/^\w+/.exec(line)?.[0] ?? '').toUpperCase();
        server.commands.push(command);
        isData = false;
        const text = reply(command, line) ?? '';
        if (command === 'MAIL') mail = { from: line, to: [], data: '' };
        if (command === 'RCPT' && text.startsWith('2')) mail.to.push(line);
        if (command === 'DATA') isData = text.startsWith('3');
        if (command === 'END' && text.startsWith('2')) server.mails.push(mail);
      }
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const server: MailServer = {
    port: (tcp.address() as AddressInfo).port,
    mails: [],
    commands: [],
    answers: {},
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        tcp.close(() => resolve());
      }),
  };
  return server;
}
