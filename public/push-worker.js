// What ArbHub has this browser do while no page of it is open: show what is sent to it, and keep the last pages for when the
// network is gone. One worker for both, because a scope can have only one.

importScripts('/kept-pages.js');

self.addEventListener('push', (event) => {
  event.waitUntil(show(payloadOf(event.data)));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

self.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(subscribeAgain(event));
});

function payloadOf(data) {
  try {
    return data.json();
  } catch {
    // A browser wants to see something for each push.
    return { title: 'ArbHub has an alert', body: 'Open ArbHub to read it.', tag: 'arbhub', url: null };
  }
}

/** The newest message of an alert takes the place of the one before, and makes itself heard again unless all is well. */
function show({ title, body, tag, url, resolved }) {
  return self.registration.showNotification(title, {
    body,
    tag,
    renotify: resolved !== true,
    data: { url: url ?? '/alerts' },
  });
}

/** Goes to the window that shows it already, else opens one. */
async function open(url) {
  const address = new URL(url, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const shown = windows.find((one) => one.url === address);
  return shown === undefined ? self.clients.openWindow(address) : shown.focus();
}

/**
 * The push service gave this browser another address: subscribe with the same key, and have the server write to the new one.
 * Whoever is not signed in any more is refused, and presses the button on "Your alerts" again.
 */
async function subscribeAgain({ oldSubscription, newSubscription }) {
  // Without the old address nobody can say which device this was.
  if (!oldSubscription) return;
  const { applicationServerKey } = oldSubscription.options;
  const wish = { userVisibleOnly: true, applicationServerKey };
  const subscription = newSubscription ?? (await self.registration.pushManager.subscribe(wish));
  await fetch('/api/me/device', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: oldSubscription.endpoint, subscription: subscription.toJSON() }),
  });
}
