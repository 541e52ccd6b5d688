// Keeps the last pages of whoever is signed in, to be read when the server cannot be reached. Why so, and what is never kept:
// docs/decisions/0016-offline-copies.md.

const pages = 'arbhub-pages';
const shell = 'arbhub-shell';
const offlinePage = '/offline.html';
const offlineParts = [offlinePage, '/offline.css'];

const patienceMs = 3_000;
const freshMs = 60_000;
const oldestMs = 7 * 86_400_000;
const mostAccounts = 20;
const mostAssets = 150;

/** Counts how often all copies were forgotten: what was fetched before must not be kept after. */
let forgotten = 0;

self.addEventListener('install', (event) => {
  const ready = caches.open(shell).then((cache) => cache.addAll(offlineParts));
  event.waitUntil(ready.then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  // The page that brought the worker was loaded before there was one, and the first after signing in comes without its own load.
  if (typeof event.data?.keep === 'string') event.waitUntil(keepShown(event.data.keep));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  const isPage = request.mode === 'navigate';
  if (pathname === '/login' || pathname === '/setup') event.waitUntil(forget());
  if (request.method !== 'GET') {
    if (request.headers.has('next-action')) event.respondWith(act(event));
  } else if (pathname.startsWith('/_next/static/')) event.respondWith(asset(event));
  else if (offlineParts.includes(pathname)) event.respondWith(asset(event));
  else if (isPage) event.respondWith(page(event, pathname));
  else if (pathname.startsWith('/api/')) event.respondWith(watched(event));
});

function isKept(pathname) {
  return pathname === '/dashboard' || pathname === '/alerts' || /^\/accounts\/[^/]+$/.test(pathname);
}

/** The server's answer while it comes in time, else the last copy, else a page that says that there is none. */
async function page(event, pathname) {
  const fresh = fetch(event.request).then((response) => {
    if (response.status === 401) event.waitUntil(forget());
    // A proxy answers so while the house behind it is down.
    if ([502, 503, 504].includes(response.status)) throw new Error('not reached');
    if (isKept(pathname) && isWhole(response)) event.waitUntil(keep(pathname, response.clone()));
    return response;
  });
  // Kept alive, so that an answer that comes late is the next copy.
  event.waitUntil(fresh.catch(() => undefined));
  const copy = isKept(pathname) ? await find(pathname) : null;
  try {
    if (copy === null) return await fresh;
    return (await Promise.race([fresh, after(patienceMs)])) ?? copy;
  } catch {
    return copy ?? (await caches.match(offlinePage)) ?? Response.error();
  }
}

function after(ms) {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}

function isWhole(response) {
  return response.status === 200 && (response.headers.get('content-type') ?? '').startsWith('text/html');
}

/** Keeps a page with its headers, policy included. The copy says of itself since when it is one; the page's clock reads it. */
async function keep(pathname, response) {
  const before = forgotten;
  const keptAt = Date.now();
  const text = await response.text();
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'set-cookie']) headers.delete(name);
  headers.set('x-kept-at', String(keptAt));
  const copy = new Response(text.replace('<html', `<html data-kept-at="${keptAt}"`), { headers });
  const cache = await caches.open(pages);
  if (forgotten !== before) return;
  await cache.put(pathname, copy);
  if (forgotten !== before) return void (await cache.delete(pathname));
  await dropOldest(cache);
  await keepAssets(text);
}

async function keepShown(pathname) {
  const copy = isKept(pathname) ? await find(pathname) : null;
  if (!isKept(pathname) || (copy !== null && Date.now() - keptAtOf(copy) < freshMs)) return;
  const response = await fetch(pathname, { credentials: 'same-origin', redirect: 'manual' });
  if (isWhole(response)) await keep(pathname, response);
}

/** A copy that is not too old, or null. */
async function find(pathname) {
  const cache = await caches.open(pages);
  const copy = await cache.match(pathname);
  if (copy === undefined) return null;
  if (Date.now() - keptAtOf(copy) <= oldestMs) return copy;
  await cache.delete(pathname);
  return null;
}

function keptAtOf(copy) {
  return Number(copy.headers.get('x-kept-at'));
}

async function dropOldest(cache) {
  const copies = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const copy = await cache.match(request);
      return { request, keptAt: copy === undefined ? 0 : keptAtOf(copy) };
    }),
  );
  const old = copies.filter(({ keptAt }) => Date.now() - keptAt > oldestMs);
  const accounts = copies
    .filter(({ request }) => new URL(request.url).pathname.startsWith('/accounts/'))
    .sort((a, b) => b.keptAt - a.keptAt)
    .slice(mostAccounts);
  for (const { request } of [...old, ...accounts]) await cache.delete(request);
}

/** The scripts that a kept page needs to come alive; their names hold their content. */
async function keepAssets(text) {
  const cache = await caches.open(shell);
  const named = new Set(text.match(/\/_next\/static\/[\w./~-]+\.(?:js|css)/g) ?? []);
  for (const address of named) {
    if ((await cache.match(address)) !== undefined) continue;
    const response = await fetch(address).catch(() => null);
    if (response !== null && isForGood(response)) await cache.put(address, response);
  }
  const assets = (await cache.keys()).filter(({ url }) => !offlineParts.includes(new URL(url).pathname));
  for (const request of assets.slice(0, Math.max(0, assets.length - mostAssets))) await cache.delete(request);
}

/** Only a file whose name holds its content says so; while ArbHub is being developed, none does. */
function isForGood(response) {
  return response.ok && (response.headers.get('cache-control') ?? '').includes('immutable');
}

async function asset(event) {
  const cache = await caches.open(shell);
  const kept = await cache.match(event.request.url);
  if (kept !== undefined) return kept;
  const response = await fetch(event.request);
  if (isForGood(response)) event.waitUntil(cache.put(event.request.url, response.clone()));
  return response;
}

/** Calls of pages for figures: nothing of them is kept; an ended session ends the copies. */
async function watched(event) {
  const response = await fetch(event.request);
  if (response.status === 401) event.waitUntil(forget());
  return response;
}

/** Sign-out and other acts that lead to the sign-in page. */
async function act(event) {
  const response = await fetch(event.request);
  const leadsTo = response.headers.get('x-action-redirect') ?? '';
  if (leadsTo.startsWith('/login')) await forget();
  return response;
}

async function forget() {
  forgotten += 1;
  await caches.delete(pages);
}
