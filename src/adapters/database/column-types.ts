/** How values cross the wire, by the type's number in pg_type (these numbers never change). */
import type { PostgresType } from 'postgres';
import { BoundArray, formatArray, parseArray } from './array-text.ts';

const instantText =
  /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?( BC)?$/;

const usualInstant = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?\+00$/;

/** The epoch milliseconds of a timestamptz; what is finer than a millisecond is cut off. */
function parseInstant(text: string): number {
  // Nearly every instant comes like this, in UTC: the engine's own reader takes a fraction of the time.
  if (usualInstant.test(text)) return Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
  if (text === 'infinity') return Infinity;
  if (text === '-infinity') return -Infinity;
  const part = instantText.exec(text);
  if (!part || part[12]) throw new RangeError(`The database sent an instant that cannot be read: ${text}`);
  const number = (index: number): number => Number(part[index] ?? 0);
  const millis = Number((part[7] ?? '').padEnd(3, '0').slice(0, 3));
  const date = new Date(0);
  date.setUTCFullYear(number(1), number(2) - 1, number(3));
  date.setUTCHours(number(4), number(5), number(6), millis);
  const offsetMs = ((number(9) * 60 + number(10)) * 60 + number(11)) * 1000;
  return date.getTime() - (part[8] === '-' ? -offsetMs : offsetMs);
}

/** Text is passed on as it is, so that `${'infinity'}::timestamptz` stays possible. */
function formatInstant(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  if (value === Infinity) return 'infinity';
  if (value === -Infinity) return '-infinity';
  if (Number.isNaN(new Date(value).getTime())) throw new RangeError(`Not an instant: ${value}`);
  // PostgreSQL does not know the sign that ISO puts before a year above 9999.
  return new Date(value).toISOString().replace(/^\+0*/, '');
}

function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`The database sent ${text}, which is beyond 2^53; select it as text.`);
  }
  return value;
}

/** JSON arrives at the driver as text already; encoding it again would store a JSON string. */
function formatJson(value: unknown): string {
  if (value instanceof BoundArray) return JSON.stringify(value.items);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function formatBoolean(value: unknown): string {
  return String(value);
}

function formatBytes(value: unknown): string {
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value);
}

function parseBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'));
}

interface ColumnType {
  type: number;
  arrayType: number;
  parse: (text: string) => unknown;
  format?: (value: unknown) => string;
}

const columnTypes: Record<string, ColumnType> = {
  bool: { type: 16, arrayType: 1000, parse: (text) => text === 't', format: formatBoolean },
  bytea: { type: 17, arrayType: 1001, parse: parseBytes, format: formatBytes },
  name: { type: 19, arrayType: 1003, parse: String },
  int8: { type: 20, arrayType: 1016, parse: parseWhole },
  int2: { type: 21, arrayType: 1005, parse: Number },
  int4: { type: 23, arrayType: 1007, parse: Number },
  text: { type: 25, arrayType: 1009, parse: String },
  oid: { type: 26, arrayType: 1028, parse: Number },
  json: { type: 114, arrayType: 199, parse: JSON.parse, format: formatJson },
  float4: { type: 700, arrayType: 1021, parse: Number },
  float8: { type: 701, arrayType: 1022, parse: Number },
  inet: { type: 869, arrayType: 1041, parse: String },
  bpchar: { type: 1042, arrayType: 1014, parse: String },
  varchar: { type: 1043, arrayType: 1015, parse: String },
  date: { type: 1082, arrayType: 1182, parse: String },
  time: { type: 1083, arrayType: 1183, parse: String },
  timestamp: { type: 1114, arrayType: 1115, parse: String },
  timestamptz: { type: 1184, arrayType: 1185, parse: parseInstant, format: formatInstant },
  numeric: { type: 1700, arrayType: 1231, parse: String },
  uuid: { type: 2950, arrayType: 2951, parse: String },
  jsonb: { type: 3802, arrayType: 3807, parse: JSON.parse, format: formatJson },
};

/** The driver's table of types: every scalar above and the array of it. */
export function driverTypes(): Record<string, PostgresType> {
  const table: Record<string, PostgresType> = {};
  for (const { type, arrayType, parse, format = String } of Object.values(columnTypes)) {
    // Keyed by number: the driver makes each key a property of a function, where "name" is taken.
    table[type] = { to: type, from: [type], parse: (text: string) => parse(text), serialize: format };
    table[arrayType] = {
      to: arrayType,
      from: [arrayType],
      parse: (text: string) => parseArray(text, parse),
      serialize: (value: unknown) =>
        value instanceof BoundArray ? formatArray(value.items, format) : String(value),
    };
  }
  return table;
}
