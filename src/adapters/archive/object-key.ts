const shape = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Whether the text can be a key: plain names joined by slashes, none of which begins with a dot. */
export function isObjectKey(text: string): boolean {
  return text.length <= 500 && shape.test(text);
}

/** Throws on a key that could lead out of the archive or mean something else there. */
export function requireObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new Error(`"${key.slice(0, 100)}" is no key of the archive.`);
}
