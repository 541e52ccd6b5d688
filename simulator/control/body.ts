/** Reads the fields of a control request's body; each reader throws a ScenarioRefused that names the field. */
import { tokenHash } from '../token-hash.ts';

export class ScenarioRefused extends Error {}

export type Body = Readonly<Record<string, unknown>>;

export function number(body: Body, name: string, low: number, high: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= low && value <= high) return value;
  throw new ScenarioRefused(`${name} must be a number from ${low} to ${high}`);
}

export function text(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new ScenarioRefused(`${name} must be a text`);
}

export function oneOf<Word extends string>(
  body: Body,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = text(body, name);
  const word = words.find((one) => one === value);
  if (value !== undefined && word === undefined)
    throw new ScenarioRefused(`${name} must be one of ${words.join(', ')}`);
  return word;
}

export function required(name: string, value: number | undefined): number {
  if (value === undefined) throw new ScenarioRefused(`${name} is required`);
  return value;
}

/** The field under its name, or nothing: an absent field must not be written into an entry. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  if (value === undefined) return {};
  const field: Partial<Record<Name, Value>> = {};
  field[name] = value;
  return field;
}

/** `token` as what is remembered of it. */
export function hashedToken(body: Body): { token_hash?: string } {
  const token = text(body, 'token');
  return token === undefined ? {} : { token_hash: tokenHash(token) };
}
