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
