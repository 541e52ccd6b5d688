/** The part of the fleet behind a token: `sim-2-of-3` sees every third account, any other token sees all. */

interface Part {
  /** Remainder of the account's index, counted from 0. */
  readonly rest: number;
  readonly of: number;
}

/** What follows the part makes tokens differ that see the same accounts. */
const SHAPE = /^sim-(\d{1,6})-of-([1-9]\d{0,5})(?:-|$)/;

/** Whether a token sees the account at an index by itself, before anything was granted or taken away. */
export function isInPart(token: string, index: number): boolean {
  const part = partOf(token);
  return !part || index % part.of === part.rest;
}

/** `sim-<k>-of-<n>-` of such a token, nothing of any other; a renewed token keeps it. */
export function partPrefix(token: string): string {
  const part = partOf(token);
  return part ? `sim-${part.rest + 1}-of-${part.of}-` : '';
}

function partOf(token: string): Part | undefined {
  const [, which, of] = SHAPE.exec(token) ?? [];
  return which === undefined ? undefined : { rest: Number(which) - 1, of: Number(of) };
}
