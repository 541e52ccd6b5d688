import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Log } from '../../ports/log.ts';
import { realDisk, type Disk } from './disk.ts';
import { keyBytes, keyOf, parseKey, type Key, type KeyRing } from './key-ring.ts';

/**
 * Keys that the product makes and keeps in its data directory: `encryption.key` seals, `encryption.key.previous` holds the
 * one before while a rotation is under way. The files are read again for every sealing and for an unknown key, so that a
 * running server takes part in a rotation. `spare` keys from the settings can open as well.
 */
export function fileKeys(
  directory: string,
  spare: readonly Uint8Array[],
  log: Log,
  disk: Disk = realDisk,
): KeyRing {
  const file = path.join(directory, 'encryption.key');
  const previousFile = `${file}.previous`;
  const known = new Map(spare.map(keyOf).map((key) => [key.id, key]));

  function read(from: string): Key | null {
    const text = disk.read(from);
    if (text === null) return null;
    const key = parseKey(text.trim());
    if (key === null)
      throw new Error(
        `${from} does not hold a key of 32 bytes in base64. Bring it back from a backup, or take it away to begin with a new key.`,
      );
    known.set(key.id, key);
    return key;
  }

  /** A file that cannot be read opens nothing, and stops nothing that other keys open. */
  function lookInto(from: string): void {
    try {
      read(from);
    } catch (error) {
      log.error('a file of keys cannot be read', { error: String(error) });
    }
  }

  function current(): Key {
    const found = read(file);
    if (found !== null) return found;
    try {
      if (disk.create(file, newKey()))
        log.warn('a key that seals tokens was made: back it up, without it they cannot be opened', { file });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new Error(
        `The key ${file} cannot be made (${code}). Give the directory to the user that runs ArbHub, or set ENCRYPTION_KEY.`,
        { cause: error },
      );
    }
    return current();
  }

  return {
    current,

    find(id) {
      if (!known.has(id)) {
        // First the one that a rotation writes last: whatever it moves meanwhile is then found under the other name.
        for (const from of [file, previousFile]) lookInto(from);
      }
      return known.get(id) ?? null;
    },

    begin() {
      const old = current();
      const previous = read(previousFile);
      if (previous !== null && previous.id !== old.id) return 'resumed';
      disk.replace(previousFile, text(old));
      disk.replace(file, newKey());
      return 'begun';
    },

    end() {
      disk.remove(previousFile);
    },
  };
}

function newKey(): string {
  return text(keyOf(randomBytes(keyBytes)));
}

function text(key: Key): string {
  return `${Buffer.from(key.bytes).toString('base64')}\n`;
}
