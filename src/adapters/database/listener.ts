import type postgres from 'postgres';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';

interface Subscriber {
  onPayload: (payload: string) => void;
  onGap: () => void;
}

interface Hooks {
  onnotify: (channel: string, payload: string) => void;
  onclose: () => void;
}

const firstRetryMs = 100;
const longestRetryMs = 5_000;
const heartbeatMs = 30_000;
const heartbeatAnswerMs = 10_000;

/**
 * Hears notifications for all channels on one connection of its own and keeps it alive.
 * The driver's own `listen` tries a lost connection only once more.
 */
export function createListener(open: (hooks: Hooks) => postgres.Sql, log?: Log) {
  const channels = new Map<string, Set<Subscriber>>();
  let connection: postgres.Sql | undefined;
  let opening: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let isClosed = false;

  function call(work: () => void): void {
    try {
      work();
    } catch (error) {
      log?.error('listener failed', { error: String(error) });
    }
  }

  function lose(lost: postgres.Sql): void {
    if (connection !== lost) return;
    connection = undefined;
    clearInterval(heartbeat);
    void lost.end({ timeout: 0 });
    if (isClosed || channels.size === 0) return;
    log?.warn('notifications lost, connecting again');
    reconnect(firstRetryMs);
  }

  function reconnect(delayMs: number): void {
    retry = setTimeout(() => {
      retry = undefined;
      ready().then(
        () => {
          for (const subscribers of channels.values()) for (const one of subscribers) call(one.onGap);
        },
        () => {
          if (!isClosed) reconnect(Math.min(delayMs * 2, longestRetryMs));
        },
      );
    }, delayMs);
  }

  async function connect(): Promise<void> {
    const fresh: postgres.Sql = open({
      onnotify: (channel, payload) => {
        for (const one of channels.get(channel) ?? []) call(() => one.onPayload(payload));
      },
      onclose: () => lose(fresh),
    });
    try {
      for (const channel of channels.keys()) await fresh`listen ${fresh(channel)}`;
      if (isClosed) throw new Error('The database connection was closed.');
    } catch (error) {
      void fresh.end({ timeout: 0 });
      throw error;
    }
    connection = fresh;
    heartbeat = setInterval(() => void beat(fresh), heartbeatMs);
    heartbeat.unref();
  }

  /** A peer that vanished without a word is noticed here, long before TCP would. */
  async function beat(current: postgres.Sql): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('silence')), heartbeatAnswerMs);
    });
    await Promise.race([current`select 1`, silence])
      .catch(() => lose(current))
      .finally(() => clearTimeout(timer));
  }

  function ready(): Promise<void> {
    if (connection) return Promise.resolve();
    opening ??= connect().finally(() => (opening = undefined));
    return opening;
  }

  const listen: Database['listen'] = async (channel, onPayload, onGap) => {
    if (isClosed) throw new Error('The database connection was closed.');
    const subscriber = { onPayload, onGap };
    const subscribers = channels.get(channel) ?? new Set<Subscriber>();
    channels.set(channel, subscribers.add(subscriber));
    try {
      await ready();
      // An opening that was under way may have passed this channel by; listening twice is harmless.
      if (connection) await connection`listen ${connection(channel)}`;
    } catch (error) {
      await leave(channel, subscriber);
      throw error;
    }
    return () => leave(channel, subscriber);
  };

  async function leave(channel: string, subscriber: Subscriber): Promise<void> {
    const subscribers = channels.get(channel);
    if (!subscribers?.delete(subscriber) || subscribers.size > 0) return;
    channels.delete(channel);
    if (connection) await connection`unlisten ${connection(channel)}`.catch(() => {});
  }

  async function close(): Promise<void> {
    isClosed = true;
    clearTimeout(retry);
    clearInterval(heartbeat);
    await opening?.catch(() => {});
    const last = connection;
    connection = undefined;
    await last?.end({ timeout: 1 });
  }

  return { listen, close };
}
