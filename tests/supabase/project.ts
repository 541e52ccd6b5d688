import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authServer, secretOfProject, type AuthServer } from './auth-server.ts';
import { realtimeServer, type RealtimeServer } from './realtime-server.ts';

/** A Supabase project on this machine: Auth and Realtime under one address as the real ones are. */
export interface SupabaseProject {
  url: string;
  anonKey: string;
  serviceRoleKey: string;
  auth: AuthServer;
  realtime: RealtimeServer;
  /** The settings that lead to it. */
  env: Record<string, string>;
  close(): Promise<void>;
}

export async function supabaseProject(): Promise<SupabaseProject> {
  const keyOf = (role: string) => secretOfProject.sign({ iss: 'supabase', ref: 'local', role });
  const anonKey = keyOf('anon');
  const serviceRoleKey = keyOf('service_role');
  const auth = authServer({ anonKey, serviceRoleKey });
  const realtime = realtimeServer(auth, { anonKey, serviceRoleKey });
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      const { status, body } = pathname.startsWith('/auth/v1')
        ? auth.answer(request, pathname.slice('/auth/v1'.length), searchParams, text)
        : pathname.startsWith('/realtime/v1')
          ? realtime.answer(request, pathname.slice('/realtime/v1'.length), text)
          : { status: 404, body: { message: pathname } };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  server.on('upgrade', (request, socket, head) => realtime.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    anonKey,
    serviceRoleKey,
    auth,
    realtime,
    env: {
      NEXT_PUBLIC_SUPABASE_URL: url,
      NEXT_PUBLIC_SUPABASE_ANON_KEY: anonKey,
      SUPABASE_SERVICE_ROLE_KEY: serviceRoleKey,
    },
    async close() {
      realtime.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
