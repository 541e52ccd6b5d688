/** So many in one task: on a phone four times slower than a desk they take less than a frame that anybody would miss. */
const atOnce = 4;
const waiting: (() => void)[] = [];

/** Calls `wake` in its turn, a few of them in each task, so that a touch in between is answered. Answers how to withdraw it. */
export function wakeLater(wake: () => void): () => void {
  waiting.push(wake);
  if (waiting.length === 1) setTimeout(wakeSome);
  return () => {
    const place = waiting.indexOf(wake);
    if (place >= 0) waiting.splice(place, 1);
  };
}

function wakeSome(): void {
  for (const wake of waiting.splice(0, atOnce)) wake();
  if (waiting.length > 0) setTimeout(wakeSome);
}

const asleep = new Map<Element, () => void>();
let watch: IntersectionObserver | null = null;

/** Calls `wake` in its turn once the element is less than a screen away. Answers how to withdraw it. */
export function wakeNear(element: Element, wake: () => void): () => void {
  let withdraw = () => {};
  watch ??= new IntersectionObserver(tellNear, { rootMargin: '100% 0px' });
  asleep.set(element, () => (withdraw = wakeLater(wake)));
  watch.observe(element);
  return () => {
    forget(element);
    withdraw();
  };
}

function tellNear(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
    asleep.get(target)?.();
    forget(target);
  }
}

function forget(element: Element): void {
  asleep.delete(element);
  watch?.unobserve(element);
}
