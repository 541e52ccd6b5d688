/** The text of a file that a spreadsheet has written, whichever of its encodings was chosen. */
export function readSheet(bytes: Uint8Array): string {
  // Excel's "Unicode text".
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Excel's plain "CSV" on Windows.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
