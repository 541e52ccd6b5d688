import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';

/** What a key file needs of a disk. Every change is whole and lasting when the call returns, or has not happened. */
export interface Disk {
  /** Null when there is no such file. */
  read(file: string): string | null;
  /** Makes a file for its owner alone; false when there is one already. */
  create(file: string, text: string): boolean;
  replace(file: string, text: string): void;
  remove(file: string): void;
}

export const realDisk: Disk = {
  read(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
      throw error;
    }
  },

  create(file, text) {
    const draft = writeDraft(file, text);
    try {
      // A link is refused where a rename would overwrite the key of whoever started at the same moment.
      linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(draft);
    }
    settle(file);
    return true;
  },

  replace(file, text) {
    renameSync(writeDraft(file, text), file);
    settle(file);
  },

  remove(file) {
    try {
      unlinkSync(file);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    settle(file);
  },
};

function writeDraft(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  const open = openSync(draft, 'wx', 0o600);
  try {
    writeSync(open, text);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  return draft;
}

/** A name in a folder lasts once the folder itself has been written. */
function settle(file: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path.dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
