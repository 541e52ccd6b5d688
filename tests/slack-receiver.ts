import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local stand-in of Slack that keeps what it was sent and answers as it is told. */
export interface SlackReceiver {
  url: string;
  messages: { title: string; text: string; color: string }[];
  /** When it had each message whole, by `performance.now()`. */
  acceptedMs: number[];
  /** Answers the next requests with these; `ok` when none is left. */
  answers: { status: number; headers?: Record<string, string>; body?: string }[];
  /** How long it thinks before it answers; it has the message by then. */
  delayMs: number;
  close(): Promise<void>;
}

export async function slackReceiver(): Promise<SlackReceiver> {
  const messages: SlackReceiver['messages'] = [];
  const acceptedMs: number[] = [];
  const answers: SlackReceiver['answers'] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { attachments } = JSON.parse(Buffer.concat(chunks).toString()) as {
        attachments: SlackReceiver['messages'];
      };
      const answer = answers.shift() ?? { status: 200, body: 'ok' };
      if (answer.status === 200) {
        messages.push(...attachments);
        acceptedMs.push(performance.now());
      }
      setTimeout(
        () => response.writeHead(answer.status, answer.headers).end(answer.body ?? 'ok'),
        receiver.delayMs,
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: SlackReceiver = {
    url: `http://127.0.0.1:${port}/services/T000/B000/secret`,
    messages,
    acceptedMs,
    answers,
    delayMs: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
