/** The program itself: how it starts, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { OptionError, parseOptions } from './options.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { stdio: 'pipe' });
  started.push(child);
  return child;
}

async function ready(child: ReturnType<typeof run>): Promise<string> {
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return chunk.toString();
}

describe('the program', () => {
  it('says on which port it is ready, answers, and ends with its parent', async () => {
    const child = run('--port', '0', '--accounts', '5', '--watch-stdin');
    const line = await ready(child);
    expect(line).toMatch(/^ready \d+\n$/);
    const answer = await fetch(`http://127.0.0.1:${line.slice(6).trim()}/__sim`);
    expect(await answer.json()).toMatchObject({ accounts: 5, speed: 1 });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 30_000);

  it('ends on SIGTERM and stays when nobody watches its input', async () => {
    const child = run('--port', '0');
    await ready(child);
    child.stdin.end();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 30_000);

  it('refuses a bad option with exit code 2', async () => {
    const child = run('--port', 'nonsense');
    const [chunk] = (await once(child.stderr, 'data')) as [Buffer];
    expect(chunk.toString()).toContain('--port must be a whole number');
    expect(await once(child, 'exit')).toEqual([2, null]);
  }, 30_000);
});

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions(['--port', '0'])).toEqual({
      port: 0,
      accounts: 30,
      seed: 7,
      stateFile: undefined,
      batchMs: 0,
      singleMs: 0,
      speed: undefined,
      watchesStdin: false,
      appSecret: undefined,
      tier: 'standard_access',
    });
  });

  it.each([
    [[]],
    [['--port', '70000']],
    [['--port', '0', '--accounts', '0']],
    [['--port', '0', '--speed', '-1']],
    [['--port', '0', '--unknown']],
    [['--port', '0', '--tier', 'gold']],
  ])('refuse %j', (args) => {
    expect(() => parseOptions(args)).toThrow(OptionError);
  });
});

describe('the clock', () => {
  it('runs as fast as asked, also over a restart, and stands still when frozen', () => {
    let real = 1_000_000;
    const clock = createClock(60, undefined, () => real);
    real += 1_000;
    expect(clock.now()).toBe(1_060_000);
    const again = createClock(undefined, clock.state(), () => real);
    real += 1_000;
    expect(again.now()).toBe(1_120_000);
    again.freeze(5);
    real += 1_000;
    expect(again.now()).toBe(5);
    again.release();
    expect(again.now()).toBe(1_180_000);
    again.setSpeed(1);
    expect(again.now()).toBe(real);
  });
});
