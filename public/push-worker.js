// Shows what ArbHub sends to this browser. It keeps nothing and answers no request of a page.

self.addEventListener('push', (event) => {
  event.waitUntil(show(payloadOf(event.data)));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
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
