/** PostgreSQL's text form of arrays: `{a,"b c",NULL}`, nested as `{{1,2},{3,4}}`. */

/** A list on its way to a statement. Printed, it is an array literal that a column of any array type accepts. */
export class BoundArray {
  constructor(readonly items: readonly unknown[]) {}

  toString(): string {
    return formatArray(this.items, String);
  }
}

/** What needs no quotes in an array literal: most figures and dates, but no word, for one of them is NULL. */
const isPlain = /^[\d.:+-]+$/;

/** Writes an array literal; `text` gives the text of one element that is not null. */
export function formatArray(items: readonly unknown[], text: (item: unknown) => string): string {
  const parts = items.map((item) => {
    if (item === null) return 'NULL';
    if (item === undefined) throw new TypeError('An array bound to a statement holds undefined.');
    if (Array.isArray(item)) return formatArray(item, text);
    const written = text(item);
    return isPlain.test(written) ? written : `"${written.replace(/[\\"]/g, '\\$&')}"`;
  });
  return `{${parts.join(',')}}`;
}

/** Reads an array literal; the driver's own reader gives back nulls as the text "NULL". */
export function parseArray<T>(literal: string, parse: (text: string) => T): unknown[] {
  let at = literal.indexOf('{') + 1;

  function quoted(): string {
    let text = '';
    for (at += 1; literal[at] !== '"'; at += 1) {
      if (literal[at] === '\\') at += 1;
      text += literal[at];
    }
    at += 1;
    return text;
  }

  function bare(): string {
    const start = at;
    while (literal[at] !== ',' && literal[at] !== '}') at += 1;
    return literal.slice(start, at);
  }

  function list(): unknown[] {
    const items: unknown[] = [];
    while (at < literal.length && literal[at] !== '}') {
      if (literal[at] === ',') at += 1;
      if (literal[at] === '{') {
        at += 1;
        items.push(list());
      } else if (literal[at] === '"') {
        items.push(parse(quoted()));
      } else {
        const text = bare();
        items.push(text === 'NULL' ? null : parse(text));
      }
    }
    at += 1;
    return items;
  }

  return list();
}
