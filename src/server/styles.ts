import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDevelopment } from './config.ts';

/** The sheets of the product in the order in which their layers come, below `src/ui`. */
const sheets = [
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
  'sign-in/sign-in.css',
  'alerts/alerts.css',
  'me/me.css',
  'board/board-tools.css',
  'board/table/table.css',
];

let packed: string | undefined;

/** All styles as one text without comments and needless white space, for the one `<style>` of each document. */
export function readStyles(): string {
  if (packed === undefined || isDevelopment) {
    const folder = path.join(process.cwd(), 'src/ui');
    packed = pack(sheets.map((sheet) => readFileSync(path.join(folder, sheet), 'utf8')).join('\n'));
  }
  return packed;
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
