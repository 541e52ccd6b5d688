import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Row } from './row.ts';

/** Megabytes of heap for the whole program: without a bound the engine lets garbage lie that a small machine would collect. */
const heapMb = 64;

/** The export of a million rows by a program that may hold little. */
export async function benchExport(): Promise<Row[]> {
  const worker = path.join(import.meta.dirname, 'export-worker.ts');
  const args = [`--max-old-space-size=${heapMb}`, '--import', 'tsx', worker];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Row[];
}
