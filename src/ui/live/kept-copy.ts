/** Whether this page is a copy that the worker kept (`public/kept-pages.js`), and since when. To be asked in the browser only. */

/** When it was kept, epoch ms by the reader's own clock; null when the server has just sent it. */
export function keptAt(): number | null {
  const text = globalThis.document?.documentElement.dataset['keptAt'];
  return text === undefined ? null : Number(text);
}

/** The server has been reached: from now on the page is no copy. */
export function endCopy(): void {
  delete document.documentElement.dataset['keptAt'];
}

/** Nobody is signed in here any more, so nothing stays to be read. */
export function forgetCopies(): void {
  // Without a secure address there is neither a worker nor a store of copies.
  void globalThis.caches?.delete('arbhub-pages');
}

const idleMs = 3_000;

/** Has the worker keep what is looked at, once the page has come to rest; answers how to call that off. */
export function startKeeping(): () => void {
  const timer = setTimeout(() => {
    const { serviceWorker } = navigator;
    serviceWorker
      ?.register('/push-worker.js')
      .then(() => serviceWorker.ready)
      .then(({ active }) => active?.postMessage({ keep: location.pathname }))
      .catch(() => undefined);
  }, idleMs);
  return () => clearTimeout(timer);
}
