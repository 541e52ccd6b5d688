import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveEvent } from '../../contract/live-event.ts';
import type { Socket } from './live-line.ts';
import { openLine } from './live-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const sockets: Socket[] = [];
  const heard: string[] = [];
  const line = openLine({
    connect() {
      const socket: Socket = { onmessage: null, onclose: null, close: () => undefined };
      sockets.push(socket);
      return socket;
    },
    random: () => 0,
    onEvent: (event: LiveEvent) => heard.push(event.type),
    onUp: () => heard.push('up'),
    onDown: (failures) => heard.push(`down ${failures}`),
  });
  const say = (event: unknown) => sockets.at(-1)?.onmessage?.({ data: JSON.stringify(event) });
  return { sockets, heard, line, say, drop: () => sockets.at(-1)?.onclose?.() };
}

const beat = { type: 'beat', at: 1 };

describe('the live line', () => {
  test('is up with its first word, not with the open socket', () => {
    const { heard, say } = start();
    expect(heard).toEqual([]);
    say(beat);
    say({ type: 'changed', accountIds: ['act_1'] });
    say({ type: 'of another version' });
    expect(heard).toEqual(['up', 'beat', 'changed']);
  });

  test('comes back after a close, later each time, and starts over once it holds', () => {
    const { sockets, heard, say, drop } = start();
    say(beat);
    drop();
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
    drop();
    vi.advanceTimersByTime(1399);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(3);
    say(beat);
    drop();
    expect(heard).toEqual(['up', 'beat', 'down 1', 'down 2', 'up', 'beat', 'down 1']);
  });

  test('a silent line is a dead line', () => {
    const { sockets, heard, say } = start();
    say(beat);
    vi.advanceTimersByTime(44_999);
    expect(heard).not.toContain('down 1');
    vi.advanceTimersByTime(1);
    expect(heard).toContain('down 1');
    vi.advanceTimersByTime(1000);
    expect(sockets).toHaveLength(2);
  });

  test('a reader who is back does not wait', () => {
    const { sockets, line, say, drop } = start();
    say(beat);
    line.retryNow();
    expect(sockets).toHaveLength(1);
    drop();
    line.retryNow();
    expect(sockets).toHaveLength(2);
  });

  test('closed is closed', () => {
    const { sockets, line, drop } = start();
    line.close();
    drop();
    vi.advanceTimersByTime(120_000);
    expect(sockets).toHaveLength(1);
  });
});
