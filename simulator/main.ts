/** The simulated Meta: `main.ts --port 0` listens on this machine only and prints `ready <port>`. */
import { buildSimulation } from './build.ts';
import { OptionError, parseOptions, USAGE, type Options } from './options.ts';
import { createSimulatorServer } from './server.ts';

function start(options: Options): void {
  const server = createSimulatorServer(buildSimulation(options));
  const stop = (): void => process.exit(0);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (options.watchesStdin) {
    // The parent holds the other end: when it dies, however it dies, the pipe ends.
    process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  }
  server.on('error', (error) => {
    process.stderr.write(`The simulator cannot listen: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(options.port, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : options.port;
    process.stdout.write(`ready ${port}\n`);
  });
}

try {
  start(parseOptions(process.argv.slice(2)));
} catch (error) {
  const isOption = error instanceof OptionError;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(isOption ? `${message}\n${USAGE}\n` : `The simulator cannot start: ${message}\n`);
  process.exit(isOption ? 2 : 1);
}
