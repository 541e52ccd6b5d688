import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A word that stands in every made-up secret, so that one search finds any of them wherever it has got to. */
const mark = 'CANARY';

/** A made-up secret: the mark, its name, and as many more characters as it has to have. */
export function canary(name: string, length = 0): string {
  return `${mark}${name}`.padEnd(length, 'x');
}

/** The mark as it would stand in base64, at each of the three places within a group; the characters that all of it decides. */
const inBase64 = [0, 1, 2].map((before) =>
  Buffer.concat([Buffer.alloc(before), Buffer.from(mark)])
    .toString('base64')
    .slice(Math.ceil((before * 8) / 6), Math.floor(((before + mark.length) * 8) / 6)),
);
const inHex = Buffer.from(mark).toString('hex');

/** Everything that gives a secret away: the mark in each of its spellings, and these secrets that bear no mark. */
export function canaryFinder(unmarked: readonly string[] = []) {
  const needles = [
    ...[mark, ...inBase64, inHex, inHex.toUpperCase(), [...mark].reverse().join('')],
    ...unmarked.flatMap((secret) => [secret, Buffer.from(secret).toString('hex')]),
  ];

  /** What was found, each with what stands around it; empty when all is well. */
  function inText(given: string | Buffer): string[] {
    const text = Buffer.from(given);
    return needles.flatMap((needle) => {
      const at = text.indexOf(needle);
      return at < 0 ? [] : [text.subarray(Math.max(0, at - 60), at + needle.length + 40).toString('latin1')];
    });
  }

  /** The same for every file below a folder, unpacked where it is packed, with the files' names. */
  function inFiles(folder: string): string[] {
    return filesBelow(folder).flatMap((file) => {
      const bytes = readFileSync(file);
      const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
      return inText(text).map((found) => `${file}: ${found}`);
    });
  }
  return { inText, inFiles };
}

/** Plain files; one that goes while we look is none. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
