import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { liveEvent, type LiveEvent } from '../contract/live-event.ts';
import { may } from '../domain/permissions.ts';
import { actorOfCookie, actorOfCookieHeader } from '../services/members/find-actor.ts';
import { liveChannel, memberChannel } from '../store/live.ts';
import type { Deps } from './house.ts';
import { LiveMemory } from './live-memory.ts';

export const livePath = '/api/live';
const beatMs = 20_000;
const largestMessageBytes = 1024;
const mostWaitingBytes = 1024 * 1024;

type LiveDeps = Pick<Deps, 'database' | 'log' | 'signIn'> & {
  clock: Pick<Deps['clock'], 'now'>;
  config: Pick<Deps['config'], 'appUrl'>;
};

interface Viewer {
  socket: WebSocket;
  cookie: string | undefined;
  /** The member's e-mail. */
  name: string;
}

/** The live line of a self-hosted process: what the database announces goes to every open board of a signed-in person. */
export interface LiveSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

export async function openLiveSocket(deps: LiveDeps): Promise<LiveSocket> {
  const { database, clock, log } = deps;
  const server = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes });
  const viewers = new Set<Viewer>();

  function tell(viewer: Viewer, event: LiveEvent): void {
    // A phone that fell asleep must not fill our memory; it catches up when it connects again.
    if (viewer.socket.bufferedAmount > mostWaitingBytes) viewer.socket.terminate();
    else viewer.socket.send(JSON.stringify(event));
  }
  const complain = (error: unknown) => log.warn('live event lost', { error: String(error) });
  const memory = new LiveMemory(await clock.now());
  async function publish(event: LiveEvent): Promise<void> {
    if (event.type !== 'beat') memory.add(await clock.now(), event);
    for (const viewer of viewers) tell(viewer, event);
  }

  const unlisten = await database.listen(
    liveChannel,
    (payload) => void publish(liveEvent.parse(JSON.parse(payload))).catch(complain),
    () =>
      void publish({ type: 'changed', accountIds: 'all' })
        .then(() => publish({ type: 'alerts' }))
        .catch(complain),
  );

  /** Closes the line of whoever may not look any more; answers whether he still may. */
  async function ask(viewer: Viewer): Promise<boolean> {
    const actor = await actorOfCookie(deps, viewer.cookie);
    if (actor !== null && may(actor, 'accounts:read')) return true;
    viewer.socket.close(4401, 'signed out');
    return false;
  }
  // When a session has ended or a role has changed, wherever that happened, nobody waits for the next beat.
  async function askAgain(name: string): Promise<void> {
    for (const viewer of viewers) if (name === 'all' || name === viewer.name) await ask(viewer);
  }
  const doubt = (error: unknown) => log.warn('live line not asked', { error: String(error) });
  const unheed = await database.listen(
    memberChannel,
    (name) => void askAgain(name).catch(doubt),
    () => void askAgain('all').catch(doubt),
  );

  // With each beat everyone is asked anew as well: a session runs out by itself.
  const beats = setInterval(() => void beat(), beatMs);
  async function beat(): Promise<void> {
    try {
      const at = await clock.now();
      for (const viewer of viewers) if (await ask(viewer)) tell(viewer, { type: 'beat', at });
    } catch (error) {
      log.warn('live beat failed', { error: String(error) });
    }
  }

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { cookie, origin } = request.headers;
    const actor = await actorOfCookieHeader(deps, cookie, origin);
    if (actor === null || !may(actor, 'accounts:read')) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const at = await clock.now();
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const viewer = { socket: webSocket, cookie: request.headers.cookie, name: actor.name };
      viewers.add(viewer);
      webSocket.on('close', () => viewers.delete(viewer));
      webSocket.on('error', () => webSocket.terminate());
      tell(viewer, { type: 'beat', at });
      for (const event of memory.missed(sinceOf(request))) tell(viewer, event);
      // What changed between the answer above and this moment was told to the lines that stood, and this one did not.
      void ask(viewer).catch(doubt);
    });
  }

  return {
    upgrade(request, socket, head) {
      admit(request, socket, head).catch((error: unknown) => {
        log.warn('live connection refused', { error: String(error) });
        socket.destroy();
      });
    },
    async close() {
      clearInterval(beats);
      for (const { socket } of viewers) socket.close(1001, 'server is stopping');
      await Promise.all([unlisten(), unheed()]);
      server.close();
    },
  };
}

/** Up to when the board that connects is complete, as it says itself. */
function sinceOf({ url }: IncomingMessage): number | null {
  const since = Number(new URLSearchParams(url?.split('?')[1]).get('since') ?? NaN);
  return Number.isFinite(since) ? since : null;
}
