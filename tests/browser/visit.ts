import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { connectDatabase, type PostgresDatabase } from '../../src/adapters/database/connect.ts';
import { startEmbedded } from '../../src/adapters/database/embedded.ts';
import { launchBrowser } from './launch.ts';
import { type Product, signIn, startProduct } from './product.ts';
import { listen, overflowOf, violationsOf } from './watch.ts';

/** The owner at his desk: the built product, a real browser, a page that is signed in, and a look into the product's own database. */
export interface Visit {
  product: Product;
  database: PostgresDatabase;
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** What any page of the visit complained of. */
  complaints: string[];
  /** The same person at another screen. */
  at(width: number, height: number, colorScheme: 'light' | 'dark'): Promise<Page>;
  close(): Promise<void>;
}

interface VisitOptions {
  env?: Record<string, string>;
  context?: BrowserContextOptions;
  /** Before the first page is opened. */
  prepare?: (context: BrowserContext, product: Product) => Promise<void>;
  isSignedIn?: boolean;
}

export const silentLog = { info: () => {}, warn: () => {}, error: () => {} };

export async function visit(options: VisitOptions = {}): Promise<Visit> {
  const complaints: string[] = [];
  const endings: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const end of endings.reverse()) await end();
  };
  try {
    const product = await startProduct({ env: options.env ?? {} });
    endings.push(product.stop);
    const guest = await startEmbedded({ dataDir: product.dataDir, holder: 'guest', log: silentLog });
    endings.push(guest.stop);
    const database = connectDatabase({ to: guest.target, maxConnections: 2 });
    endings.push(database.close);
    const browser = await launchBrowser();
    endings.push(() => browser.close());
    const context = await browser.newContext({
      ...{ viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
      ...options.context,
    });
    await options.prepare?.(context, product);
    const page = await context.newPage();
    listen(page, complaints);
    if (options.isSignedIn ?? true) await signIn(page, product.url);
    const at: Visit['at'] = async (width, height, colorScheme) => {
      const storageState = await context.storageState();
      const own = await browser.newContext({ viewport: { width, height }, colorScheme, storageState });
      const view = await own.newPage();
      listen(view, complaints);
      return view;
    };
    return { product, database, browser, context, page, complaints, at, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing goes sideways, and axe finds nothing. */
export async function mustBeClear(view: Page, what?: string): Promise<void> {
  expect(await overflowOf(view), what).toBeLessThanOrEqual(0);
  // A phone in light shows the layout of a phone in the dark in the colours of a desk in light; and a narrower one, the same narrower.
  const { width = 0 } = view.viewportSize() ?? {};
  const isDark = await view.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  if (width < 390 || (width === 390 && !isDark)) return;
  expect(await violationsOf(view), what).toEqual([]);
}

/** Whoever is not signed in is sent to the sign-in. */
export async function mustBeClosed({ browser, product }: Visit, ...addresses: string[]): Promise<void> {
  const own = await browser.newContext();
  const view = await own.newPage();
  for (const address of addresses) {
    await view.goto(`${product.url}${address}`);
    expect(new URL(view.url()).pathname, address).toBe('/login');
  }
  await own.close();
}

/** The screens at which every page of the house is looked at. */
export const screens = [
  [1440, 900, 'light'],
  [1440, 900, 'dark'],
  [390, 844, 'light'],
  [390, 844, 'dark'],
  [360, 740, 'light'],
] as const;
