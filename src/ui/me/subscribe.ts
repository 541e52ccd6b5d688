/** What stands between this browser and its notifications; null when nothing does. */
export type Obstacle = 'insecure' | 'unsupported' | 'denied';

/** To be asked in the browser only. */
export function obstacleHere(): Obstacle | null {
  if (!globalThis.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis))
    return 'unsupported';
  return Notification.permission === 'denied' ? 'denied' : null;
}

/** Asks for permission and subscribes this browser; the obstacle when it may not. Throws when the browser fails. */
export async function subscribe(publicKey: string): Promise<PushSubscriptionJSON | Obstacle> {
  const obstacle = obstacleHere();
  if (obstacle !== null) return obstacle;
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  await navigator.serviceWorker.register('/push-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const wish = { userVisibleOnly: true, applicationServerKey: publicKey };
  try {
    return (await pushManager.subscribe(wish)).toJSON();
  } catch (error) {
    // It has one for another key pair, which nobody can write to any more.
    const old = await pushManager.getSubscription();
    if (old === null) throw error;
    await old.unsubscribe();
    return (await pushManager.subscribe(wish)).toJSON();
  }
}
