import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';

/** The system user that runs the server when ArbHub itself runs as root, which PostgreSQL refuses. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

export interface Outcome {
  isDone: boolean;
  text: string;
}

/** Runs one of the server's programs to its end; a failure is a value, with what the program said. */
export function run(
  program: string,
  args: string[],
  account?: Account,
  timeoutMs = 90_000,
): Promise<Outcome> {
  const isWindows = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: isWindows ? dirname(program) : '/',
      // Nothing of ArbHub's environment: the server would keep our secrets in its own for years.
      // Windows cannot open a socket without its system variables.
      ...(isWindows ? {} : { env: environment(program) }),
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      // Its own group, so that Ctrl-C in a terminal reaches ArbHub alone.
      detached: !isWindows,
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let text = '';
    const collect = (chunk: Buffer): void => void (text += chunk.toString());
    const finish = (code: number | null): void => resolve({ isDone: code === 0, text: text.trim() });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ isDone: false, text: error.message }));
    child.on('close', finish);
    // On Windows the server inherits the pipes and keeps them open.
    child.on('exit', (code) => setTimeout(finish, 500, code).unref());
  });
}

function environment(program: string): NodeJS.ProcessEnv {
  const libraries = join(dirname(program), '..', 'lib');
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_MESSAGES: 'C', LD_LIBRARY_PATH: libraries };
  return env as unknown as NodeJS.ProcessEnv;
}
