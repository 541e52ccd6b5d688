/** Writing CSV for spreadsheets, by RFC 4180, so that no cell is taken for a formula. */

/** What makes a spreadsheet calculate. Source: OWASP, CSV Injection. */
const formulaStart = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n]/;

/** A field that is text whatever it begins with; null is an empty field. */
export function csvText(value: string | null): string {
  if (value === null) return '';
  const safe = formulaStart.test(value) ? `'${value}` : value;
  return needsQuotes.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A field that is a number, or a decimal as text; unknown is an empty field, never 0. */
export function csvNumber(value: number | string | null): string {
  return value === null ? '' : String(value);
}

/** One record with its end. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.join(',')}\r\n`;
}
