import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** The operator's tool as a process, as `npm run arbhub -- …` starts it. */
export interface ArbhubProcess {
  child: ChildProcess;
  output(): string;
  /** Its exit status; null when a signal ended it. */
  ended: Promise<number | null>;
}

export interface ArbhubOptions {
  env: Record<string, string>;
  /** What it reads on standard input. */
  input?: string;
}

export function startArbhub(words: readonly string[], { env, input = '' }: ArbhubOptions): ArbhubProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server/arbhub.ts', ...words], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_ENV: 'production',
      EXCHANGE_RATES_URL: 'none',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

/** Runs a command to its end. */
export async function runArbhub(
  words: readonly string[],
  options: ArbhubOptions,
): Promise<{ code: number | null; output: string }> {
  const running = startArbhub(words, options);
  const code = await running.ended;
  return { code, output: running.output() };
}
