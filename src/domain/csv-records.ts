/** Reads CSV that comes in pieces: fields in quotes are text, an unquoted empty field is null, records end with a line feed. */
export class CsvRecords {
  #rest = '';

  /** Spreadsheets of some countries write semicolons, and tabs are what is copied out of a sheet. */
  constructor(readonly separator: ',' | ';' | '\t' = ',') {}

  /** The records that are complete with this piece. Throws on text that is not CSV. */
  push(piece: string): (string | null)[][] {
    const text = this.#rest + piece;
    const records: (string | null)[][] = [];
    let at = 0;
    for (;;) {
      const read = readRecord(text, at, this.separator);
      if (read === null) break;
      records.push(read.fields);
      at = read.next;
    }
    this.#rest = text.slice(at);
    return records;
  }

  /** Call after the last piece; throws when a record was left unfinished. */
  end(): void {
    if (this.#rest !== '') throw new SyntaxError('The CSV ends within a record.');
  }
}

/** Null when the record is not complete yet. */
function readRecord(
  text: string,
  start: number,
  separator: string,
): { fields: (string | null)[]; next: number } | null {
  const fields: (string | null)[] = [];
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      const close = closingQuote(text, at);
      if (close === -1) return null;
      fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
    } else {
      const from = at;
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '"') at += 1;
      fields.push(at === from ? null : text.slice(from, at));
    }
    if (at >= text.length) return null;
    if (text[at] === '\n') return { fields, next: at + 1 };
    if (text[at] !== separator) throw new SyntaxError('The CSV has a quote where none may be.');
    at += 1;
  }
}

function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  // A quote at the very end may be the first half of a doubled one.
  return at === text.length - 1 ? -1 : at;
}
