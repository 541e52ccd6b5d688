import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './launch.ts';

/**
 * Every state of a card against how it looked when somebody last looked at it. After a change that is meant:
 * `UPDATE_SNAPSHOTS=1 npx vitest run --project browser tests/browser/cards`, then look at the pictures. They hold for one set of fonts; where others are
 * installed there is nothing to compare with.
 */

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'snapshots');
const isUpdate = process.env['UPDATE_SNAPSHOTS'] === '1';
/** Share of a card's pixels that may differ: edges of letters do, from one version of the browser to the next. */
const tolerance = 0.005;

let browser: Browser;
let html: string;
beforeAll(async () => {
  const drawn = spawnSync(process.execPath, ['--import', 'tsx', 'tests/browser/draw-cards.tsx'], {
    ...{ cwd: root, encoding: 'utf8', maxBuffer: 10_000_000 },
  });
  if (drawn.status !== 0) throw new Error(drawn.stderr);
  html = drawn.stdout;
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

interface Picture {
  file: Buffer;
  png: PNG;
  cards: { name: string; x: number; y: number; width: number; height: number }[];
  /** How wide some words are: another set of fonts tells itself by it. */
  words: number;
}

async function photograph(width: number, colorScheme: 'light' | 'dark'): Promise<Picture> {
  const context = await browser.newContext({
    ...{ viewport: { width, height: 900 }, colorScheme, deviceScaleFactor: 1, reducedMotion: 'reduce' },
  });
  const page = await context.newPage();
  await page.setContent(html);
  // What is far from the screen is drawn too.
  await page.addStyleTag({ content: '.card { content-visibility: visible !important; }' });
  const cards = await boxesOf(page);
  const words = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('span'));
    probe.textContent = 'Account suspended 0123456789';
    const { width: wide } = probe.getBoundingClientRect();
    probe.remove();
    return wide;
  });
  const file = await page.screenshot({ fullPage: true });
  await context.close();
  return { file, png: PNG.sync.read(file), cards, words };
}

function boxesOf(page: Page): Promise<Picture['cards']> {
  return page.locator('article').evaluateAll((articles) =>
    articles.map((article) => {
      const { x, y, width, height } = article.getBoundingClientRect();
      const name = article.getAttribute('aria-label') ?? '';
      return {
        name,
        x: Math.round(x),
        y: Math.round(y),
        width: Math.round(width),
        height: Math.round(height),
      };
    }),
  );
}

function cut(png: PNG, { x, y, width, height }: Picture['cards'][number]): PNG {
  const part = new PNG({ width, height });
  PNG.bitblt(png, part, x, y, width, height, 0, 0);
  return part;
}

test.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('every state of a card looks as it did, %d px, %s', async (width, theme) => {
  const picture = await photograph(width, theme);
  expect(picture.cards.length).toBeGreaterThan(15);
  const name = `cards-${width}-${theme}`;
  const [file, facts] = [path.join(folder, `${name}.png`), path.join(folder, `${name}.json`)];
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, picture.file);
    writeFileSync(facts, `${JSON.stringify({ words: picture.words, cards: picture.cards })}\n`);
  }
  expect(existsSync(file), `${name} is missing: UPDATE_SNAPSHOTS=1 makes it`).toBe(true);
  const before = JSON.parse(readFileSync(facts, 'utf8')) as Pick<Picture, 'cards' | 'words'>;
  if (before.words !== picture.words) {
    console.log(`${name}: other fonts than the snapshot's are installed; not compared`);
    return;
  }
  expect(picture.cards).toEqual(before.cards);
  const known = PNG.sync.read(readFileSync(file));
  const changed = picture.cards.flatMap((card) => {
    const [one, other] = [cut(known, card), cut(picture.png, card)];
    const pixels = pixelmatch(one.data, other.data, undefined, card.width, card.height, { threshold: 0.1 });
    const share = pixels / (card.width * card.height);
    return share > tolerance ? [`${card.name}: ${(share * 100).toFixed(1)}% of it`] : [];
  });
  expect(changed).toEqual([]);
});
