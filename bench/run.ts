import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { benchAccountPage } from './account-page.ts';
import { benchAnalytics } from './analytics.ts';
import { benchBacktest } from './backtest.ts';
import { benchBanToSlack } from './ban-to-slack.ts';
import { benchBoard } from './board.ts';
import { benchBoard2000 } from './board-2000.ts';
import { benchCycle } from './cycle.ts';
import { benchExport } from './export.ts';
import { ratioOf, type Row } from './row.ts';
import { benchScale } from './scale.ts';
import { benchStorage } from './storage.ts';

const benches: Record<string, () => Promise<Row[]>> = {
  'cycle-100': () => benchCycle(100),
  'cycle-500': () => benchCycle(500),
  'cycle-2000': () => benchCycle(2000),
  'cycle-10000': () => benchCycle(10_000),
  'scale-100': () => benchScale({ accounts: 100, tokens: 1 }),
  'scale-500': () => benchScale({ accounts: 500, tokens: 1 }),
  'scale-2000': () => benchScale({ accounts: 2000, tokens: 4 }),
  'scale-10000': () => benchScale({ accounts: 10_000, tokens: 20 }),
  'scale-10000-one-token': () => benchScale({ accounts: 10_000, tokens: 1 }),
  storage: benchStorage,
  analytics: benchAnalytics,
  backtest: () => benchBacktest(500),
  'ban-to-slack': benchBanToSlack,
  board: benchBoard,
  export: benchExport,
  account: benchAccountPage,
  'board-2000': benchBoard2000,
};

/** `npm run bench [-- name …]`: prints each figure with its ratio to the baseline and writes bench/results.json. */
const wanted = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of await bench()) {
    rows.push(row);
    const ratio = ratioOf(row);
    const against =
      ratio === null
        ? ''
        : `  ${ratio.toFixed(2)} x ${row.baselineName} (${Number(row.baseline).toFixed(1)})`;
    console.log(`${row.name.padEnd(58)} ${row.value.toFixed(2).padStart(10)} ${row.unit}${against}`);
  }
}
const results = {
  node: process.version,
  cores: cpus().length,
  rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) })),
};
await writeFile(path.join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
process.exit(0);
