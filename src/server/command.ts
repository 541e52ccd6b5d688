import type { Actor } from '../domain/permissions.ts';
import type { Wish } from '../services/members/members-deps.ts';
import type { Deps } from './house.ts';

/** What a command was given: the words after its name, its options, and a way to read standard input. */
export interface Given {
  words: string[];
  options: Record<string, string | string[] | boolean | undefined>;
  readInput: () => Promise<string>;
}

/** A command of the operator's tool. It answers rows for a table or for JSON; a `Mistake` is told as it is. */
export interface Command {
  usage: string;
  does: string;
  run(deps: Deps, given: Given): Promise<object[]>;
  /** Whether nobody else may use an embedded database meanwhile: beside a running server it is refused. */
  isAlone?: boolean;
  /** What the rows come to, for a command that judges; what is not good ends with exit status 1. */
  verdict?(rows: object[]): { isGood: boolean; says: string };
}

/** A command whose answer is a text of any length, written to standard output as it comes. */
export interface TextCommand extends Pick<Command, 'usage' | 'does'> {
  text(deps: Deps, given: Given): Promise<AsyncIterable<string>>;
}

/** A command that must work where nothing else does: it opens what it needs by itself. */
export interface BareCommand extends Pick<Command, 'usage' | 'does' | 'verdict'> {
  /** `root` is the product's own directory. */
  run(root: string): Promise<object[]>;
}

/** A command that is a process of its own: it builds what it needs and lives until a signal ends it. */
export interface ServiceCommand extends Pick<Command, 'usage' | 'does'> {
  /** `root` is the product's own directory. */
  serve(root: string): Promise<void>;
}

/** Something that the operator can put right. */
export class Mistake extends Error {}

/** Whoever can run the tool beside the database may do everything. */
export const operator: Actor = { role: 'admin', name: 'operator' };

export function one({ options }: Given, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** What a wish has led to; what keeps it from being done is a mistake to be told. */
export function done<T>(wish: Wish<T>): T {
  if (!wish.isDone) throw new Mistake(wish.problem);
  return wish.value;
}

export function needed(given: Given, name: string): string {
  const value = one(given, name);
  if (value === undefined || value === '') throw new Mistake(`--${name} is missing.`);
  return value;
}
