import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { connectDatabase } from '../adapters/database/connect.ts';
import { startEmbedded } from '../adapters/database/embedded.ts';
import { migrate } from '../adapters/database/migrate.ts';
import type { BareCommand, Command, ServiceCommand, TextCommand } from './command.ts';
import { commands } from './commands.ts';
import { readConfig } from './config.ts';
import { doctorCommand } from './doctor-command.ts';
import { exportCommand } from './export-command.ts';
import { buildHouse } from './house.ts';
import { buildKeeping } from './keeping.ts';
import { jsonLog } from './log.ts';
import { workerCommand } from './worker.ts';

const textCommands: Readonly<Record<string, TextCommand>> = { export: exportCommand };
const serviceCommands: Readonly<Record<string, ServiceCommand>> = { worker: workerCommand };
const bareCommands: Readonly<Record<string, BareCommand>> = { doctor: doctorCommand };

/** The operator's tool: `npm run arbhub -- COMMAND`. Works beside a running server, and without one. */

const root = path.resolve(import.meta.dirname, '../..');

function help(): string {
  const all = [commands, textCommands, serviceCommands, bareCommands].flatMap((some) => Object.values(some));
  const lines = all.map(({ usage, does }) => `  ${usage}\n      ${does}`);
  return `Usage: npm run arbhub -- COMMAND [--json]\n\n${lines.join('\n')}\n`;
}

/** Answers the exit status, or null for a process that lives on. */
async function main(args: string[]): Promise<number | null> {
  if (existsSync(path.join(root, '.env'))) process.loadEnvFile(path.join(root, '.env'));
  const { positionals, values } = readArguments(args);
  const serves = serviceCommands[positionals[0] ?? ''];
  if (serves !== undefined && values.help !== true) {
    await serves.serve(root);
    return null;
  }
  const bare = bareCommands[positionals[0] ?? ''];
  if (bare !== undefined && values.help !== true)
    return tell(await bare.run(root), bare, values.json === true);
  const writes = textCommands[positionals[0] ?? ''];
  if (writes !== undefined && values.help !== true) {
    const given = { words: positionals.slice(1), options: values, readInput };
    await withHouse(async (deps) => pipeline(await writes.text(deps, given), process.stdout, { end: false }));
    return 0;
  }
  const name = [positionals.slice(0, 2).join(' '), positionals[0] ?? ''].find((words) => words in commands);
  const command = name === undefined ? undefined : commands[name];
  if (values.help === true || positionals.length === 0) {
    process.stdout.write(help());
    return 0;
  }
  if (name === undefined || command === undefined)
    throw new Usage(`There is no command "${positionals.join(' ')}".`);
  const words = positionals.slice(name.split(' ').length);
  const given = { words, options: values, readInput };
  const rows = await withHouse((deps) => command.run(deps, given), command.isAlone === true);
  return tell(rows, command, values.json === true);
}

/** Writes the rows and what they come to; answers the exit status. */
function tell(rows: object[], { verdict }: Pick<Command, 'verdict'>, isJson: boolean): number {
  if (isJson) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else print(rows);
  const judged = verdict?.(rows);
  if (judged !== undefined) process.stderr.write(`${judged.says}\n`);
  return judged?.isGood === false ? 1 : 0;
}

const widestTable = 7;

const widestCell = 60;

/** A table while it fits a screen, else one block of lines per row, without what is not known. */
function print(rows: object[]): void {
  const isWide = (value: unknown) => typeof value === 'string' && value.length > widestCell;
  if (rows.every((row) => Object.keys(row).length <= widestTable && !Object.values(row).some(isWide))) {
    console.table(rows);
    return;
  }
  for (const row of rows) {
    const known = Object.entries(row).filter(([, value]) => value !== null);
    const width = Math.max(...known.map(([name]) => name.length));
    const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    process.stdout.write(
      `${known.map(([name, value]) => `${name.padEnd(width)}  ${text(value)}`).join('\n')}\n\n`,
    );
  }
}

/** Wrong words on the command line; told with the way to the right ones. */
class Usage extends Error {}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        json: { type: 'boolean' },
        name: { type: 'string' },
        id: { type: 'string' },
        email: { type: 'string' },
        role: { type: 'string' },
        vendor: { type: 'string' },
        'daily-limit': { type: 'string' },
        tags: { type: 'string' },
        business: { type: 'string', multiple: true },
        kind: { type: 'string' },
        severity: { type: 'string' },
        'alert-kind': { type: 'string', multiple: true },
        'for-vendor': { type: 'string', multiple: true },
        'own-vendor': { type: 'string' },
        member: { type: 'string' },
        level: { type: 'string' },
        'into-empty': { type: 'boolean' },
        connection: { type: 'string' },
        yes: { type: 'string' },
        account: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        every: { type: 'string' },
        state: { type: 'string' },
        threshold: { type: 'string', multiple: true },
        days: { type: 'string' },
        day: { type: 'string' },
        timezone: { type: 'string' },
        quiet: { type: 'string' },
        apply: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : String(error));
  }
}

async function withHouse<T>(
  work: (deps: ReturnType<typeof buildHouse>) => Promise<T>,
  isAlone = false,
): Promise<T> {
  const settings = readConfig();
  const config = { ...settings, dataDir: path.resolve(root, settings.dataDir) };
  const { dataDir } = config;
  const log = jsonLog((line) => process.stderr.write(line));
  const quiet = { ...log, info: () => {} };
  if (config.databaseUrl === null) await mkdir(dataDir, { recursive: true });
  const holder = isAlone ? 'product' : 'guest';
  const embedded = config.databaseUrl === null ? await startEmbedded({ dataDir, holder, log: quiet }) : null;
  const to = embedded?.target ?? config.databaseUrl ?? '';
  const database = connectDatabase({
    to,
    maxConnections: 2,
    applicationName: 'arbhub tool',
    log: quiet,
  });
  try {
    const migrations = path.join(root, 'supabase/migrations');
    await migrate(database, migrations);
    const keeping = buildKeeping(config, { dataDir, database: to, migrations });
    return await work(buildHouse(config, database, quiet, null, { keeping }));
  } finally {
    await database.close();
    await embedded?.stop();
  }
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== null) process.exit(code);
  },
  (error: unknown) => {
    const isUsage = error instanceof Usage;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}${isUsage ? '\nnpm run arbhub -- --help lists the commands.' : ''}\n`);
    process.exit(isUsage ? 2 : 1);
  },
);
