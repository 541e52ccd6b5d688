/** Where `?` keeps that its reader wants no keys: on this device, because it is a matter of the keyboard at hand. */
const offKey = 'arbhub.keys-off';

export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(offKey) === null;
  } catch {
    return true;
  }
}

export function switchKeys(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(offKey);
    else localStorage.setItem(offKey, 'off');
  } catch {
    // A browser that keeps nothing keeps its keys.
  }
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing)
    return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, select, textarea, dialog') !== null;
}

/**
 * Listens to single keys; `act` says whether it took the key. Never while somebody types, in a dialog, or with a modifier.
 * Answers how to stop.
 */
export function onKey(act: (key: string, event: KeyboardEvent) => boolean): () => void {
  const listen = (event: KeyboardEvent) => {
    if (isTaken(event) || !areKeysOn()) return;
    if (act(event.key, event)) event.preventDefault();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
