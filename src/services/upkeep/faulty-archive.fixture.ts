import type { Dice } from '../../../tests/dice.ts';
import type { Archive } from '../../ports/archive.ts';
import { flipped } from './archive.fixture.ts';

export const putFaults = [
  'refused',
  'answer lost',
  'cut short',
  'bit flipped',
  'written nowhere',
  'broken off',
] as const;
export const getFaults = ['refused', 'cut short', 'bit flipped', 'not found', 'broken off'] as const;

/** A storage that fails in the given share of its calls, on the way in and on the way out; `tally` hears of each fault. */
export function faultyArchive(
  inner: Archive,
  random: Dice,
  share: () => number,
  tally: (fault: string) => void,
): Archive {
  return {
    place: inner.place,
    async put(key, bytes, signal) {
      const whole = await gather(bytes);
      const fault = random.roll() < share() ? random.pick(putFaults) : null;
      if (fault !== null) tally(`put ${fault}`);
      const cut = whole.subarray(0, random.below(whole.length));
      switch (fault) {
        case 'refused':
          throw new Error('the storage refused');
        case 'written nowhere':
          return;
        case 'cut short':
          return inner.put(key, pieces(cut), signal);
        case 'bit flipped':
          return inner.put(key, pieces(flipped(whole, random.below(whole.length * 8))), signal);
        case 'broken off':
          return inner.put(key, breaking(cut), signal);
        default:
          await inner.put(key, pieces(whole), signal);
          if (fault === 'answer lost') throw new Error('no answer came');
      }
    },
    async get(key, signal) {
      const stream = await inner.get(key, signal);
      const fault = random.roll() < share() ? random.pick(getFaults) : null;
      if (fault === null || stream === null) return stream;
      tally(`get ${fault}`);
      const whole = await gather(stream);
      const cut = whole.subarray(0, random.below(whole.length));
      switch (fault) {
        case 'refused':
          throw new Error('the storage refused');
        case 'not found':
          return null;
        case 'cut short':
          return pieces(cut);
        case 'bit flipped':
          return pieces(flipped(whole, random.below(whole.length * 8)));
        case 'broken off':
          return breaking(cut);
      }
    },
  };
}

export async function gather(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* breaking(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('the connection broke');
}
