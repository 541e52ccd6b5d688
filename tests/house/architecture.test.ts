import { readdirSync } from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { beforeAll, expect, test } from 'vitest';

/** The arrows are checked by `npm run arrows`; here we make sure that the checker saw every file and can say no. */

const root = path.resolve(import.meta.dirname, '../..');
let seen: ICruiseResult;

beforeAll(async () => {
  const options = await extractOptions(path.join(root, '.dependency-cruiser.cjs'));
  const { output } = await cruise(['src', 'simulator'], options);
  seen = output as ICruiseResult;
});

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$|fixture/.test(entry.name),
    )
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

test('every file of src and simulator was seen', () => {
  const modules = new Set(seen.modules.map(({ source }) => source));
  const unseen = [...filesBelow('src'), ...filesBelow('simulator')].filter((file) => !modules.has(file));
  expect(unseen).toEqual([]);
  expect(modules.size).toBeGreaterThan(100);
});

test('no arrow is wrong', () => {
  expect(seen.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
});

test.each([
  ['src/domain/a.ts', 'src/store/accounts.ts'],
  ['src/ui/a.tsx', 'src/server/config.ts'],
  ['src/store/a.ts', 'src/contract/health.ts'],
  ['src/services/a.ts', 'src/adapters/meta/client.ts'],
  ['src/adapters/channels/slack/a.ts', 'src/adapters/meta/client.ts'],
  ['src/adapters/channels/slack/a.ts', 'src/adapters/channels/telegram/send.ts'],
  ['src/adapters/channels/http.ts', 'src/adapters/meta/client.ts'],
  ['simulator/a.ts', 'src/domain/money.ts'],
  ['src/server/a.ts', 'simulator/main.ts'],
])('an arrow from %s to %s would be refused', async (from, to) => {
  const options = (await extractOptions(path.join(root, '.dependency-cruiser.cjs'))) as {
    ruleSet?: { forbidden?: { from: Rule; to: Rule & { pathNot?: string } }[] };
  };
  const refused = (options.ruleSet?.forbidden ?? []).some((rule) => {
    const match = rule.from.path === undefined ? null : new RegExp(rule.from.path).exec(from);
    if (match === null || rule.to.path === undefined) return false;
    const own = (pattern: string) => pattern.replace('$1', match[1] ?? '');
    return (
      new RegExp(own(rule.to.path)).test(to) &&
      !(rule.to.pathNot !== undefined && new RegExp(own(rule.to.pathNot)).test(to))
    );
  });
  expect(refused).toBe(true);
});

interface Rule {
  path?: string;
}
