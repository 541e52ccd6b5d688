import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a test looks at it. */
export interface Asked {
  token: string;
  /** Below the version; empty for a batch. */
  path: string;
  params: URLSearchParams;
  /** Addresses of a batch's items below the version, decoded. */
  items: string[];
}

export interface Said {
  status: number;
  headers: Record<string, string>;
  /** Null = the line is cut. */
  text: string | Buffer | null;
}

export type Bend = (asked: Asked, genuine: () => Promise<Said>) => Promise<Said>;

export interface GraphProxy {
  url: string;
  /** What is done to the answers from now on; null = nothing. */
  bend: Bend | null;
  asked: Asked[];
  close(): Promise<void>;
}

/** Stands before a Graph API, keeps what it was asked, and answers as it is told. */
export async function graphProxy(target: string): Promise<GraphProxy> {
  const proxy: GraphProxy = {
    url: '',
    bend: null,
    asked: [],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = 'GET', url = '/', headers } = request;
      const asked = read(url, text, headers.authorization);
      proxy.asked.push(asked);
      const genuine = async (): Promise<Said> => {
        const answer = await fetch(`${target}${url}`, {
          method,
          headers: {
            ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
            ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }),
          },
          ...(method === 'GET' ? {} : { body: text }),
        });
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers.entries()),
          text: await answer.text(),
        };
      };
      const said = proxy.bend === null ? genuine() : proxy.bend(asked, genuine);
      said.then(
        (answer) => {
          if (answer.text === null) return void response.socket?.destroy();
          const more = Object.entries(answer.headers).filter(([name]) => /^(x-|content-type)/.test(name));
          response.writeHead(answer.status, Object.fromEntries(more));
          response.end(answer.text);
        },
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          response.destroy();
        },
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

const below = (address: string) => address.replace(/^\/?v\d+\.\d+\/?/, '');

function read(url: string, body: string, authorization = ''): Asked {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const form = new URLSearchParams(body);
  const batch = JSON.parse(form.get('batch') ?? '[]') as { relative_url: string }[];
  return {
    token: form.get('access_token') ?? authorization.replace('Bearer ', ''),
    path: below(pathname),
    params: searchParams,
    items: batch.map(({ relative_url }) => below(relative_url)),
  };
}

/** Answers single items of a batch by their address; undefined leaves one as it is. */
export async function bendItems(
  { items }: Asked,
  genuine: () => Promise<Said>,
  item: (address: string, index: number) => unknown,
): Promise<Said> {
  const said = await genuine();
  if (said.status !== 200 || items.length === 0) return said;
  const answers = JSON.parse(String(said.text)) as unknown[];
  const bent = answers.map((answer, index) => {
    const other = item(items[index] ?? '', index);
    return other === undefined ? answer : other;
  });
  return { ...said, text: JSON.stringify(bent) };
}
