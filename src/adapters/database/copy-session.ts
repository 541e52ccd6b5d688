import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import postgres from 'postgres';
import { driverOptions } from './connect.ts';
import type { ConnectionTarget } from './connection-target.ts';

/** One transaction on a connection of its own, for what moves whole tables. Statements are plain text. */
export interface CopySession {
  rows<Row extends object>(text: string): Promise<Row[]>;
  /** The bytes of a `copy … to stdout`. Read it to its end, or end the session. */
  copyOut(text: string): AsyncIterable<Uint8Array>;
  /** Feeds a `copy … from stdin`. */
  copyIn(text: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Throws when the transaction is no longer the one that was begun. */
  commit(): Promise<void>;
  /** Takes back what was not committed. */
  end(): Promise<void>;
}

/** Settings that could change how a value is written; the same on every server. */
const plainText = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local extra_float_digits = 1; set local bytea_output = 'hex'; set local client_encoding = 'UTF8';
  set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = 0; set local statement_timeout = 0`;

/** Opens the session and begins its transaction, e.g. `isolation level repeatable read read only`. An abort breaks it off. */
export async function openCopySession(
  to: string | ConnectionTarget,
  mode: string,
  signal: AbortSignal,
): Promise<CopySession> {
  signal.throwIfAborted();
  const options = driverOptions({
    to,
    maxConnections: 1,
    applicationName: 'arbhub copy',
    usePrepared: false,
  });
  const raw = postgres({ ...options, max_lifetime: null });
  const breakOff = (): void => void raw.end({ timeout: 0 });
  signal.addEventListener('abort', breakOff, { once: true });

  const rows = async <Row extends object>(text: string): Promise<Row[]> =>
    Array.from(await raw.unsafe<Row[]>(text).catch(withoutRow)) as Row[];
  const began = 'select now()::text as at';

  async function end(): Promise<void> {
    signal.removeEventListener('abort', breakOff);
    // Nothing that is worth waiting for: what was not committed is to be forgotten.
    await raw.end({ timeout: 0 });
  }

  async function* copyOut(text: string): AsyncGenerator<Uint8Array> {
    const stream: Readable = await raw.unsafe(text).readable().catch(withoutRow);
    for await (const chunk of stream) yield chunk as Buffer;
    // When the last rows came with the end, the driver has paused the socket for a full buffer and forgets to go on.
    stream._read(0);
  }

  async function copyIn(text: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const sink = await raw.unsafe(text).writable();
    let failure: Error | undefined;
    sink.on('error', (error) => (failure ??= error));
    for await (const chunk of bytes) {
      await new Promise<void>((resolve) => sink.write(chunk, () => resolve()));
      if (failure !== undefined) return withoutRow(failure);
    }
    sink.end();
    // The driver never tells of a refusal that comes after the last row, but the next statement does.
    await setImmediate();
    await rows('select 1').catch((error: unknown) => withoutRow(failure ?? error));
  }

  try {
    await raw.unsafe(`begin ${mode}`);
    await raw.unsafe(plainText);
    const [start] = await rows<{ at: string }>(began);
    return {
      rows,
      copyOut,
      copyIn,
      async commit() {
        // After a lost connection the driver would go on with another one, outside of the transaction.
        const [now] = await rows<{ at: string }>(began);
        if (now?.at !== start?.at) throw new Error('The database connection was lost.');
        await raw.unsafe('commit');
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The detail of an error quotes the row, and rows hold secrets. */
function withoutRow(error: unknown): never {
  if (error instanceof postgres.PostgresError) {
    Reflect.deleteProperty(error, 'detail');
    Reflect.deleteProperty(error, 'where');
  }
  throw error;
}
