import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDevelopment } from './config.ts';

/**
 * The sheets of the product, below `src/ui`: the house's own, which every document has, and those that only some pages need.
 * Their layers have their order from the first sheet, whichever set comes first.
 */
const sheets = {
  house: [
    'kit/tokens.css',
    'kit/base.css',
    'kit/kit.css',
    'board/board.css',
    'board/rail.css',
    'board/board-says.css',
    'house/house.css',
    'account-card/account-card.css',
    'account-card/metrics.css',
    'account-card/figures.css',
    'account-card/card-states.css',
    'board/board-tools.css',
    'board/table/table.css',
    // Signing in and out stay in the document, whose nonce no later style has.
    'sign-in/sign-in.css',
  ],
  alerts: ['house/page.css', 'alerts/alerts.css'],
  me: ['house/page.css', 'me/me.css'],
  account: ['house/page.css', 'account/account.css', 'account/charts.css'],
  admin: ['house/page.css', 'admin/admin.css'],
  analytics: ['house/page.css', 'analytics/analytics.css', 'analytics/chart.css'],
} as const;
export type SheetSet = keyof typeof sheets;

/** Whether a text names a set. */
export function isSheetSet(text: string): text is SheetSet {
  return Object.hasOwn(sheets, text);
}

const packed = new Map<SheetSet, string>();

/** The styles of a set as one text without comments and needless white space, for a `<style>` in the document. */
export function readStyles(set: SheetSet): string {
  const known = packed.get(set);
  if (known !== undefined && !isDevelopment) return known;
  const read = (sheet: string) => readFileSync(path.join(process.cwd(), 'src/ui', sheet), 'utf8');
  const own = sheets[set].map(read).join('\n');
  // A set that the browser asks for by itself may come to stand before the house's own, and the first to stand orders the layers.
  const text = pack(set === 'house' ? own : `${layerOrder(read(sheets.house[0]))}\n${own}`);
  packed.set(set, text);
  return text;
}

function layerOrder(tokens: string): string {
  return /^@layer [^{;]+;$/m.exec(tokens)?.[0] ?? '';
}

/** Lets the components that write a document read the styles by a name: their bundle cannot import this file. */
export function shareStyles(): void {
  (globalThis as { [name: symbol]: unknown })[Symbol.for('arbhub.styles')] = readStyles;
}

/** Leaves strings and values as they are: only comments go, and white space beside punctuation that never needs it. */
export function pack(css: string): string {
  const plain = css.replace(/("[^"]*"|'[^']*')|\/\*[\s\S]*?\*\//g, (_all, text?: string) => text ?? '');
  return plain
    .replace(
      /("[^"]*"|'[^']*')|\s*([{};])\s*|\s+/g,
      (_all, text?: string, mark?: string) => text ?? mark ?? ' ',
    )
    .replace(/;}/g, '}')
    .trim();
}
