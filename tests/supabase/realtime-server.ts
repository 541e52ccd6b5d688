import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Answer, AuthServer } from './auth-server.ts';
import { claimsOf } from './tokens.ts';

/** Supabase Realtime over its own wire: Phoenix' messages in both versions, private channels, broadcasts from sockets and by HTTP. */

export interface RealtimeServer {
  /** Who may join a private channel, by the claims of a token that was verified. */
  mayJoin: (claims: Record<string, unknown>, topic: string) => Promise<boolean>;
  /** Topics that somebody has joined, with the users who have. */
  joined(): { topic: string; userId: string; endsAt: number }[];
  /** Why joins were refused. */
  refused: string[];
  /** Says something on a topic, as a row in the database's `realtime.messages` does. */
  say(topic: string, event: string, payload: object): void;
  /** Ends channels whose token has run out, as the server does by itself. */
  endExpired(now: number): void;
  /** Breaks every connection. */
  cut(): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  answer(request: IncomingMessage, path: string, body: string): Answer;
  close(): void;
}

interface Message {
  join_ref: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: Record<string, unknown>;
}

interface Member {
  socket: WebSocket;
  isSecond: boolean;
  topic: string;
  joinRef: string | null;
  claims: Record<string, unknown>;
}

export function realtimeServer(
  auth: AuthServer,
  { anonKey, serviceRoleKey }: { anonKey: string; serviceRoleKey: string },
): RealtimeServer {
  const server = new WebSocketServer({ noServer: true });
  const members = new Set<Member>();

  function send(socket: WebSocket, isSecond: boolean, message: Message): void {
    const { join_ref, ref, topic, event, payload } = message;
    socket.send(JSON.stringify(isSecond ? [join_ref, ref, topic, event, payload] : message));
  }

  /** Broadcasts reach clients of the second version in binary frames. */
  function broadcast({ socket, isSecond, topic }: Member, event: string, payload: object): void {
    if (!isSecond) {
      const body = { type: 'broadcast', event, payload };
      send(socket, false, { join_ref: null, ref: null, topic, event: 'broadcast', payload: body });
      return;
    }
    const parts = [topic, event, ''].map((text) => Buffer.from(text));
    const head = Buffer.from([4, ...parts.map((part) => part.length), 1]);
    socket.send(Buffer.concat([head, ...parts, Buffer.from(JSON.stringify(payload))]));
  }

  /** The claims of a token, if it is one that Auth has made and that still holds. */
  function verified(token: unknown): Record<string, unknown> | null {
    if (typeof token !== 'string' || auth.holderOf(token) === null) return null;
    const claims = claimsOf(token);
    return Number(claims['exp']) * 1000 > Date.now() ? claims : null;
  }

  async function hear(socket: WebSocket, isSecond: boolean, message: Message): Promise<void> {
    const { topic, event, payload, ref, join_ref } = message;
    const reply = (status: 'ok' | 'error', response: object) =>
      send(socket, isSecond, { join_ref, ref, topic, event: 'phx_reply', payload: { status, response } });
    const here = [...members].find((one) => one.socket === socket && one.topic === topic);
    if (topic === 'phoenix' && event === 'heartbeat') return reply('ok', {});
    if (event === 'phx_leave') {
      if (here) members.delete(here);
      reply('ok', {});
      return send(socket, isSecond, { join_ref, ref: join_ref, topic, event: 'phx_close', payload: {} });
    }
    if (event === 'access_token' && here) {
      const claims = verified(payload['access_token']);
      if (claims === null || !(await server_.mayJoin(claims, bare(topic)))) end(here, 'Unauthorized');
      else here.claims = claims;
      return;
    }
    if (event !== 'phx_join') return;
    const { private: isPrivate } = (payload['config'] ?? {}) as { private?: boolean };
    const claims = verified(payload['access_token']);
    const isOpen = isPrivate === true && claims !== null && (await server_.mayJoin(claims, bare(topic)));
    if (claims === null || !isOpen) {
      const reason = `Unauthorized: You do not have permissions to read from this Channel topic: ${bare(topic)}`;
      server_.refused.push(reason);
      return reply('error', { reason });
    }
    members.add({ socket, isSecond, topic, joinRef: join_ref, claims });
    reply('ok', { postgres_changes: [] });
  }

  function end(member: Member, why: string): void {
    const { socket, isSecond, topic, joinRef } = member;
    members.delete(member);
    const told = { extension: 'system', status: 'error', message: why, channel: bare(topic) };
    send(socket, isSecond, { join_ref: joinRef, ref: null, topic, event: 'system', payload: told });
    send(socket, isSecond, { join_ref: joinRef, ref: null, topic, event: 'phx_close', payload: {} });
  }

  const bare = (topic: string) => topic.replace(/^realtime:/, '');

  const server_: RealtimeServer = {
    // What the policy of the migration says; where there is a database, that is asked instead.
    mayJoin: async (claims, topic) =>
      /^arbhub:[0-9a-f]{64}$/.test(topic) &&
      (claims['app_metadata'] as { arbhub?: string } | undefined)?.arbhub === 'member',
    joined: () =>
      [...members].map(({ topic, claims }) => ({
        topic: bare(topic),
        userId: String(claims['sub']),
        endsAt: Number(claims['exp']) * 1000,
      })),
    refused: [],
    say(topic, event, payload) {
      for (const member of members)
        if (bare(member.topic) === topic) broadcast(member, event, { id: crypto.randomUUID(), ...payload });
    },
    endExpired(now) {
      for (const member of [...members])
        if (Number(member.claims['exp']) * 1000 <= now) end(member, 'Token has expired');
    },
    cut() {
      for (const socket of server.clients) socket.terminate();
    },
    upgrade(request, socket, head) {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
      if (searchParams.get('apikey') !== anonKey) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const isSecond = searchParams.get('vsn') === '2.0.0';
      server.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on('message', (data) => {
          const said = JSON.parse(String(data)) as Message | [string, string, string, string, object];
          const message = Array.isArray(said)
            ? { join_ref: said[0], ref: said[1], topic: said[2], event: said[3], payload: { ...said[4] } }
            : said;
          void hear(webSocket, isSecond, message as Message);
        });
        webSocket.on('close', () => {
          for (const member of members) if (member.socket === webSocket) members.delete(member);
        });
      });
    },
    answer(request, path, body) {
      if (path !== '/api/broadcast' || request.method !== 'POST') return { status: 404 };
      if (request.headers['apikey'] !== serviceRoleKey) return { status: 401 };
      const { messages } = JSON.parse(body) as {
        messages: { topic: string; event: string; payload: object; private: boolean }[];
      };
      for (const { topic, event, payload, private: isPrivate } of messages)
        if (isPrivate) server_.say(topic, event, payload);
      return { status: 202 };
    },
    close() {
      server_.cut();
      server.close();
    },
  };
  return server_;
}
