/** The `fields` language: `name,business{id,name},insights.date_preset(today).as(p){spend}`. */
import { badSyntax } from './errors.ts';

export interface Field {
  readonly name: string;
  /** Key in the answer: the alias where there is one. */
  readonly key: string;
  readonly modifiers: ReadonlyMap<string, string>;
  readonly fields: readonly Field[];
}

/** Parses a `fields` value; an empty one is an empty list. */
export function parseFields(text: string): Field[] {
  if (text.trim() === '') return [];
  const reader = new FieldReader(text);
  const fields = reader.list();
  reader.end();
  return fields;
}

class FieldReader {
  private at = 0;

  constructor(private readonly text: string) {}

  list(): Field[] {
    const fields = [this.field()];
    while (this.take(',')) fields.push(this.field());
    return fields;
  }

  end(): void {
    if (this.at < this.text.length) throw this.unexpected();
  }

  private field(): Field {
    const name = this.word();
    const modifiers = new Map<string, string>();
    while (this.take('.')) {
      const modifier = this.word();
      if (!this.take('(')) throw this.unexpected();
      modifiers.set(modifier, this.argument());
    }
    let fields: Field[] = [];
    if (this.take('{')) {
      fields = this.list();
      if (!this.take('}')) throw this.unexpected();
    }
    return { name, key: modifiers.get('as') ?? name, modifiers, fields };
  }

  private word(): string {
    const [word] = /^\s*[A-Za-z0-9_]+\s*/.exec(this.text.slice(this.at)) ?? [];
    if (word === undefined) throw this.unexpected();
    this.at += word.length;
    return word.trim();
  }

  /** Text up to the bracket that closes the argument; brackets inside it nest. */
  private argument(): string {
    let depth = 1;
    const from = this.at;
    for (; this.at < this.text.length; this.at++) {
      const letter = this.text[this.at];
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      if (depth === 0) {
        this.at += 1;
        return this.text.slice(from, this.at - 1);
      }
    }
    throw this.unexpected();
  }

  private take(letter: string): boolean {
    if (this.text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }

  private unexpected() {
    const rest = this.text.slice(this.at, this.at + 20) || 'end of string';
    return badSyntax(`Expected name or ")" instead of "${rest}"`);
  }
}
