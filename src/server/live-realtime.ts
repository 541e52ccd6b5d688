import type { Duplex } from 'node:stream';
import { liveEvent } from '../contract/live-event.ts';
import { hasRealtime, liveChannel, movedChannel, readTopic } from '../store/live.ts';
import type { SupabaseSettings } from './config.ts';
import type { Deps } from './house.ts';
import type { LiveSocket } from './live-socket.ts';

const timeoutMs = 10_000;

/**
 * News by Supabase Realtime. A database of Supabase's says them itself, in the transaction that makes them; for any other one this
 * process hears its notifications and passes them on.
 */
export async function openLiveRealtime(deps: Deps, project: SupabaseSettings): Promise<LiveSocket> {
  const endings = (await hasRealtime(deps.database.sql)) ? [] : await passOn(deps, project);
  return {
    upgrade: (_request, socket) => refuse(socket),
    async close() {
      for (const end of endings) await end();
    },
  };
}

/** Nobody hears news on a line of our own here. */
function refuse(socket: Duplex): void {
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

async function passOn(
  { database, log }: Deps,
  { url, serviceRoleKey }: SupabaseSettings,
): Promise<(() => Promise<void>)[]> {
  async function tell(topic: string, event: string, payload: object): Promise<void> {
    const headers: Record<string, string> = { apikey: serviceRoleKey, 'content-type': 'application/json' };
    // The older keys are tokens, which are asked for here too; the newer ones must not be sent as such.
    if (serviceRoleKey.startsWith('eyJ')) headers['authorization'] = `Bearer ${serviceRoleKey}`;
    const { ok, status } = await fetch(`${url}/realtime/v1/api/broadcast`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ messages: [{ topic, event, payload, private: true }] }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!ok) throw new Error(`Realtime answered ${status}`);
  }
  // One after the other, so that they arrive in the order in which they happened.
  let last = Promise.resolve();
  const inOrder = (work: () => Promise<void>) => {
    last = last.then(work).catch((error: unknown) => log.warn('live event lost', { error: String(error) }));
  };
  async function news(payload: object): Promise<void> {
    const topic = await readTopic(database.sql);
    if (topic !== null) await tell(topic, 'news', payload);
  }
  const missed = () => {
    inOrder(() => news({ type: 'changed', accountIds: 'all' }));
    inOrder(() => news({ type: 'alerts' }));
  };
  return Promise.all([
    database.listen(
      liveChannel,
      (text) => inOrder(async () => news(liveEvent.parse(JSON.parse(text)))),
      missed,
    ),
    database.listen(
      movedChannel,
      (topic) => inOrder(() => tell(topic, 'moved', {})),
      () => undefined,
    ),
  ]);
}
