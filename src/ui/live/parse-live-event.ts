import type { LiveEvent } from '../../contract/live-event.ts';

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** A message of the live line, or null for what this version does not know. Checked by hand: zod is too heavy for a phone. */
export function parseLiveEvent(data: unknown): LiveEvent | null {
  let event: unknown;
  try {
    event = JSON.parse(String(data));
  } catch {
    return null;
  }
  if (typeof event !== 'object' || event === null) return null;
  const { type, at, accountIds, failed } = event as Record<string, unknown>;
  if (type === 'changed' && (accountIds === 'all' || isTexts(accountIds))) return { type, accountIds };
  if (type === 'beat' && typeof at === 'number') return { type, at };
  if (type === 'checked' && typeof at === 'number' && isTexts(failed)) return { type, at, failed };
  if (type === 'alerts') return { type };
  return null;
}
