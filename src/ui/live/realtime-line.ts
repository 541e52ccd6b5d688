import { RealtimeClient } from '@supabase/realtime-js';
import type { LiveTicket } from '../../contract/live-ticket.ts';
import type { Socket } from './live-line.ts';

/** Loaded only where the product says that its news come by Supabase Realtime (`data-live` of the document). */

const beatMs = 20_000;
/** A token is asked for anew when less than this is left of it. */
const spareMs = 120_000;

async function fetchTicket(): Promise<LiveTicket> {
  const response = await fetch('/api/live/ticket', { cache: 'no-store' });
  if (response.status === 401) location.assign('/login');
  if (!response.ok) throw new Error(`no ticket: ${response.status}`);
  return (await response.json()) as LiveTicket;
}

/** When a token runs out, as it says itself. */
function endOf(token: string): number {
  const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')));
  return Number((claims as { exp?: unknown }).exp) * 1000;
}

/** Joins the channel of the news and hands them to the line as its own server would; any trouble closes the socket. */
export async function join(
  socket: Socket,
  readTicket: () => Promise<LiveTicket> = fetchTicket,
): Promise<() => void> {
  let ticket = await readTicket();
  let aheadMs = ticket.now - Date.now();
  let isOver = false;
  /** Between two names of the channel. */
  let isMoving = false;
  const tell = (event: object) => socket.onmessage?.({ data: JSON.stringify(event) });
  const beat = () => tell({ type: 'beat', at: Date.now() + aheadMs });

  async function renew(): Promise<void> {
    ticket = await readTicket();
    aheadMs = ticket.now - Date.now();
  }
  async function token(): Promise<string> {
    if (endOf(ticket.token) - spareMs < Date.now() + aheadMs) await renew();
    return ticket.token;
  }
  function leave(): void {
    isOver = true;
    void client.disconnect();
  }
  function lose(): void {
    if (isOver) return;
    leave();
    socket.onclose?.();
  }

  const client = new RealtimeClient(ticket.url, {
    params: { apikey: ticket.key },
    accessToken: token,
    heartbeatIntervalMs: beatMs,
    heartbeatCallback: (status) => {
      if (status === 'ok') beat();
      else if (status !== 'sent') lose();
    },
  });

  async function enter(): Promise<void> {
    await client.setAuth();
    const channel = client.channel(ticket.topic, { config: { private: true } });
    channel
      .on('broadcast', { event: 'news' }, ({ payload }: { payload: object }) => tell(payload))
      .on('broadcast', { event: 'moved' }, () => {
        isMoving = true;
        // The name is another one now; whoever is told it may still listen.
        renew()
          .then(() => client.removeChannel(channel))
          .then(enter)
          .catch(lose);
      })
      .subscribe((status) => {
        if (status === 'SUBSCRIBED') {
          isMoving = false;
          beat();
          // What was said before nobody remembers.
          tell({ type: 'changed', accountIds: 'all' });
          tell({ type: 'alerts' });
        } else if (!(status === 'CLOSED' && isMoving)) lose();
      });
  }
  await enter();
  return leave;
}
