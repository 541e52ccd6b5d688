/** The command line of the simulator. */
import { parseArgs } from 'node:util';

export interface Options {
  /** 0 = any free port. */
  readonly port: number;
  readonly accounts: number;
  readonly seed: number;
  readonly stateFile: string | undefined;
  /** Added time before each batch answer and each single answer, milliseconds. */
  readonly batchMs: number;
  readonly singleMs: number;
  /** undefined = as it was left, 1 at first. */
  readonly speed: number | undefined;
  readonly watchesStdin: boolean;
  /** When set, every call must prove that it knows this app secret. */
  readonly appSecret: string | undefined;
  readonly tier: 'standard_access' | 'development_access';
}

export class OptionError extends Error {}

export const USAGE = `Usage: simulator/main.ts --port N [--accounts 30] [--seed 7] [--state FILE] [--batch-ms N]
  [--single-ms N] [--speed 1] [--watch-stdin] [--app-secret S] [--tier standard|development]`;

/** Reads the arguments after the program's name; throws an OptionError that says what is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = readArguments(args);
  const { tier = 'standard' } = values;
  if (tier !== 'standard' && tier !== 'development') {
    throw new OptionError(`--tier must be standard or development, not "${tier}"`);
  }
  return {
    port: whole('port', values.port, undefined, 0, 65_535),
    accounts: whole('accounts', values.accounts, 30, 1, 100_000),
    seed: whole('seed', values.seed, 7, 0, 2 ** 31 - 1),
    stateFile: values.state,
    batchMs: whole('batch-ms', values['batch-ms'], 0, 0, 600_000),
    singleMs: whole('single-ms', values['single-ms'], 0, 0, 600_000),
    speed: positive('speed', values.speed),
    watchesStdin: values['watch-stdin'] ?? false,
    appSecret: values['app-secret'],
    tier: `${tier}_access`,
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        accounts: { type: 'string' },
        seed: { type: 'string' },
        state: { type: 'string' },
        'batch-ms': { type: 'string' },
        'single-ms': { type: 'string' },
        speed: { type: 'string' },
        'watch-stdin': { type: 'boolean' },
        'app-secret': { type: 'string' },
        tier: { type: 'string' },
      },
    });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function whole(
  name: string,
  text: string | undefined,
  fallback: number | undefined,
  low: number,
  high: number,
): number {
  if (text === undefined && fallback !== undefined) return fallback;
  if (text === undefined) throw new OptionError(`--${name} is required`);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new OptionError(`--${name} must be a whole number from ${low} to ${high}, not "${text}"`);
  }
  return value;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value <= 100_000)) {
    throw new OptionError(`--${name} must be a number above 0 and at most 100000, not "${text}"`);
  }
  return value;
}
