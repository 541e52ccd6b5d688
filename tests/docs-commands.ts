import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from '../src/server/command.ts';
import { commands } from '../src/server/commands.ts';
import { doctorCommand } from '../src/server/doctor-command.ts';
import { exportCommand } from '../src/server/export-command.ts';
import { workerCommand } from '../src/server/worker.ts';

/** The commands that README and docs tell people to run. */

export const root = path.resolve(import.meta.dirname, '..');

/** Everything that the operator's tool knows, by name. */
export const knownCommands: Record<string, Pick<Command, 'usage'>> = {
  ...commands,
  doctor: doctorCommand,
  export: exportCommand,
  worker: workerCommand,
};

export interface Told {
  file: string;
  text: string;
}

export interface ArbhubCommand extends Told {
  /** Null when there is no such command. */
  name: string | null;
  words: string[];
  options: Record<string, string | string[] | boolean>;
}

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** The lines of fenced shell blocks and the pieces of code within sentences, without comments. */
export function tellCommands(): Told[] {
  return pages.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const fenced = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
      linesOf(block),
    );
    const inline = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
      code.replace(/\s+/g, ' '),
    );
    return [...fenced, ...inline].map((line) => ({ file, text: line }));
  });
}

/** Lines to run; what is fed to a command (`<<END`) is none. */
function linesOf(block: string): string[] {
  const lines: string[] = [];
  let end: string | null = null;
  for (const line of block.split('\n').map((one) => one.trim())) {
    if (end !== null) {
      if (line === end) end = null;
      continue;
    }
    end = /<<-?'?(\w+)'?/.exec(line)?.[1] ?? null;
    if (line !== '' && !line.startsWith('#')) lines.push(line.replace(/ +# .*$/, ''));
  }
  return lines;
}

/** The operator's commands among them; `user add|set|list` is three. */
export function tellArbhub(): ArbhubCommand[] {
  return tellCommands().flatMap(({ file, text }) => {
    const [, rest] = /npm run arbhub -- (.*)$/.exec(text) ?? [];
    if (rest === undefined || rest === '…' || rest.startsWith('…')) return [];
    const [first = '', second = '', ...others] = cut(rest);
    const spelled = second.includes('|')
      ? second.split('|').map((one) => [first, one, ...others])
      : [[first, second, ...others]];
    return spelled.map((parts) =>
      read(
        file,
        text,
        parts.filter((part) => part !== ''),
      ),
    );
  });
}

/** As a shell cuts it, up to what is piped or redirected. */
function cut(line: string): string[] {
  const parts = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  );
  const stop = parts.findIndex((part) => /^(<|>|\||&&|<<)/.test(part));
  return (stop === -1 ? parts : parts.slice(0, stop)).map((part) => part.replace(/^\[|\]$/g, ''));
}

function read(file: string, text: string, parts: string[]): ArbhubCommand {
  const name = [parts.slice(0, 2).join(' '), parts[0] ?? ''].find((words) => words in knownCommands) ?? null;
  const { positionals, values } = parseArgs({
    args: parts.slice((name ?? '').split(' ').length),
    allowPositionals: true,
    strict: false,
    options: {
      ...Object.fromEntries(valued.map((option) => [option, { type: 'string' as const }])),
      ...Object.fromEntries(
        ['business', 'alert-kind', 'for-vendor', 'threshold'].map((option) => [
          option,
          { type: 'string' as const, multiple: true },
        ]),
      ),
    },
  });
  return { file, text, name, words: positionals, options: values as ArbhubCommand['options'] };
}

const valued = [
  'name',
  'email',
  'role',
  'vendor',
  'daily-limit',
  'tags',
  'kind',
  'severity',
  'own-vendor',
  'member',
  'level',
  'account',
  'from',
  'to',
  'every',
  'state',
  'days',
  'day',
  'timezone',
  'quiet',
  'connection',
  'yes',
];
