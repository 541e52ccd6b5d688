import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { median } from './bench-house.ts';

/**
 * Medians of cold loads: milliseconds and kilobytes over the wire, compressed, headers included. `blockedMs` is what long tasks
 * took beyond 50 ms each, `shift` the sum of layout shifts.
 */
export interface PageLoad {
  lcpMs: number;
  allCardsMs: number;
  blockedMs: number;
  shift: number;
  totalKb: number;
  scriptKb: number;
  requests: number;
}

const phone: BrowserContextOptions = {
  viewport: { width: 412, height: 823 },
  deviceScaleFactor: 1.75,
  isMobile: true,
  hasTouch: true,
  serviceWorkers: 'block',
};
// Lighthouse's slow 4G by DevTools throttling: 1.6 Mbit/s x 0.9 and 150 ms x 3.75 a request, CPU four times slower.
const profiles = {
  slow4g: {
    latency: 562.5,
    downloadThroughput: (1.6 * 1024 * 1024 * 0.9) / 8,
    uploadThroughput: (750 * 1024 * 0.9) / 8,
    cpu: 4,
  },
  '4g': { latency: 170, downloadThroughput: 9e6 / 8, uploadThroughput: 9e6 / 8, cpu: 1 },
};
export type Profile = keyof typeof profiles;
const cards = 100;
const runs = 5;

type State = Exclude<BrowserContextOptions['storageState'], undefined>;

/** Loads the page `runs` times after one to warm up, each with a cold cache. */
export async function measurePage(
  browser: Browser,
  url: string,
  state: State | null,
  profile: Profile = 'slow4g',
): Promise<PageLoad> {
  await loadOnce(browser, url, state, profile);
  const loads: PageLoad[] = [];
  for (let run = 0; run < runs; run++) loads.push(await loadOnce(browser, url, state, profile));
  const of = (pick: (load: PageLoad) => number) => median(loads.map(pick));
  return {
    lcpMs: of((l) => l.lcpMs),
    allCardsMs: of((l) => l.allCardsMs),
    blockedMs: of((l) => l.blockedMs),
    shift: of((l) => l.shift),
    totalKb: of((l) => l.totalKb),
    scriptKb: of((l) => l.scriptKb),
    requests: of((l) => l.requests),
  };
}

async function loadOnce(
  browser: Browser,
  url: string,
  state: State | null,
  profile: Profile,
): Promise<PageLoad> {
  const { cpu, ...network } = profiles[profile];
  const context = await browser.newContext({ ...phone, ...(state === null ? {} : { storageState: state }) });
  await context.addInitScript({ content: watchPaint });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, ...network });
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  const wire = countBytes(session);
  await page.goto(url, { waitUntil: 'commit', timeout: 60_000 });
  const paint = await readPaint(page);
  await context.close();
  return { ...paint, ...wire };
}

interface Paint {
  lcp: number;
  blocked: number;
  shift: number;
  all: number | null;
}

// Text, because the loader decorates functions with names that a browser does not know.
const watchPaint = `
  const paint = (globalThis.paint = { lcp: 0, blocked: 0, shift: 0, all: null });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) paint.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) paint.blocked += Math.max(0, entry.duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) paint.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    if (document.querySelectorAll('article').length >= ${cards}) paint.all = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

async function readPaint(
  page: Page,
): Promise<Pick<PageLoad, 'lcpMs' | 'allCardsMs' | 'blockedMs' | 'shift'>> {
  await page.waitForFunction(() => (globalThis as unknown as { paint?: Paint }).paint?.all != null, null, {
    timeout: 30_000,
    polling: 100,
  });
  // The largest paint can still come after the cards, and scripts go on loading.
  await page.waitForTimeout(2500);
  const paint = await page.evaluate(() => (globalThis as unknown as { paint: Paint }).paint);
  return { lcpMs: paint.lcp, allCardsMs: paint.all ?? NaN, blockedMs: paint.blocked, shift: paint.shift };
}

function countBytes(session: CDPSession): { totalKb: number; scriptKb: number; requests: number } {
  const wire = { totalKb: 0, scriptKb: 0, requests: 0 };
  const scripts = new Set<string>();
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (request.url.startsWith('http')) wire.requests += 1;
  });
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    wire.totalKb += encodedDataLength / 1000;
    if (scripts.has(requestId)) wire.scriptKb += encodedDataLength / 1000;
  });
  return wire;
}
