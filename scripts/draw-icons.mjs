// Draws the icons of the installed app from the one drawing: `node scripts/draw-icons.mjs`. Needs a Chromium or Chrome.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.mjs';

const root = path.resolve(import.meta.dirname, '..');
const drawing = await readFile(path.join(root, 'src/app/icon.svg'), 'utf8');
const whole = drawing.replace(' rx="3"', '');

// Launchers cut a maskable icon to a shape of their own: the ground reaches the edge, the drawing stays within four fifths.
const inset = whole
  .replace('<path ', '<g transform="translate(8 8) scale(.78) translate(-8 -8)"><path ')
  .replace('</svg>', '</g></svg>');

const icons = [
  ['public/icons/icon-192.png', 192, drawing],
  ['public/icons/icon-512.png', 512, drawing],
  ['public/icons/maskable-512.png', 512, inset],
  ['src/app/apple-icon.png', 180, inset],
];

const browser = await chromium.launch({
  executablePath: findBrowser() ?? undefined,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();
for (const [file, size, svg] of icons) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: path.join(root, file), omitBackground: true });
}
await browser.close();
