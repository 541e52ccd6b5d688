import type { LiveEvent } from '../../contract/live-event.ts';
import { parseLiveEvent } from './parse-live-event.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

/** The part of a WebSocket that the line uses. */
export interface Socket {
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface LineHandlers {
  connect(): Socket;
  random(): number;
  onEvent(event: LiveEvent): void;
  /** The first word after a (re)connect has come. */
  onUp(): void;
  /** The line is gone or silent; `failures` counts the tries in a row that did not bring it back. */
  onDown(failures: number): void;
}

const silenceMs = 45_000;
const connectMs = 15_000;

/** Keeps one line to the server: a line that closes or falls silent is dropped and tried again, later each time. */
export function openLine(handlers: LineHandlers) {
  let socket: Socket | null = null;
  let failures = 0;
  let isUp = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };

  function drop() {
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    socket = null;
  }

  function lose() {
    drop();
    isUp = false;
    failures += 1;
    handlers.onDown(failures);
    wait(reconnectDelayMs(failures, handlers.random()), dial);
  }

  function dial() {
    drop();
    const dialled = handlers.connect();
    socket = dialled;
    wait(connectMs, lose);
    dialled.onclose = lose;
    dialled.onmessage = ({ data }) => {
      wait(silenceMs, lose);
      if (!isUp) {
        isUp = true;
        failures = 0;
        handlers.onUp();
      }
      const event = parseLiveEvent(data);
      if (event !== null) handlers.onEvent(event);
    };
  }

  dial();
  return {
    /** The network or the reader is back: no reason to wait out the pause. */
    retryNow() {
      if (!isUp) dial();
    },
    /** The network says that it is gone; the socket may take minutes to notice. */
    giveUp() {
      if (isUp) lose();
    },
    close() {
      clearTimeout(timer);
      drop();
    },
  };
}
