/** What survives a restart: the scenario entries and the clock. The world itself needs no memory. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ClockState } from './clock.ts';
import type { ScenarioEntry } from './control/scenario.ts';

export interface SavedState {
  readonly entries: readonly ScenarioEntry[];
  readonly clock?: ClockState;
}

/** Reads the file; a missing one is an empty state, an unreadable one is an error. */
export function readState(file: string | undefined): SavedState {
  if (file === undefined) return { entries: [] };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { entries: [] };
    throw error;
  }
  const saved: unknown = JSON.parse(text);
  if (!isSavedState(saved)) throw new Error(`${file} is not a state file of the simulator`);
  return saved;
}

/** Replaces the file as a whole: a crash leaves the old or the new one, never half of it. */
export function writeState(file: string | undefined, state: SavedState): void {
  if (file === undefined) return;
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(draft, file);
}

function isSavedState(value: unknown): value is SavedState {
  return typeof value === 'object' && value !== null && 'entries' in value && Array.isArray(value.entries);
}
