import type { LiveEvent } from '../contract/live-event.ts';

type News = Exclude<LiveEvent, { type: 'beat' }>;

const keptMs = 10 * 60_000;
const mostKept = 1000;
// A page is read a moment before its line is open, and clocks are asked at different moments.
const overlapMs = 3000;

/** Remembers the last minutes of news, so that a board that connects is told what it missed and nothing else. */
export class LiveMemory {
  #news: { at: number; event: News }[] = [];
  /** When the last news of alerts came. They come in crowds and all say the same. */
  #alertsAt = -Infinity;
  /** Nothing is known of what happened before. */
  #since: number;

  constructor(startedAt: number) {
    this.#since = startedAt;
  }

  add(at: number, event: News): void {
    if (event.type === 'alerts') {
      this.#alertsAt = at;
      return;
    }
    this.#news.push({ at, event });
    while (this.#news.length > mostKept || (this.#news[0]?.at ?? at) < at - keptMs) {
      this.#since = (this.#news.shift()?.at ?? this.#since) + 1;
    }
  }

  /** What a board that is complete up to `since` (epoch ms; null = not at all) has to hear. */
  missed(since: number | null): News[] {
    if (since === null || since - overlapMs < this.#since)
      return [{ type: 'changed', accountIds: 'all' }, { type: 'alerts' }];
    const later = this.#news.filter(({ at }) => at >= since - overlapMs).map(({ event }) => event);
    const changed = later.filter((event) => event.type === 'changed');
    const ids = changed.flatMap(({ accountIds }) => (accountIds === 'all' ? [] : accountIds));
    const isAll = changed.some(({ accountIds }) => accountIds === 'all');
    const checked = later.findLast((event) => event.type === 'checked');
    return [
      ...(changed.length === 0
        ? []
        : [{ type: 'changed' as const, accountIds: isAll ? ('all' as const) : [...new Set(ids)] }]),
      ...(checked === undefined ? [] : [checked]),
      ...(this.#alertsAt >= since - overlapMs ? [{ type: 'alerts' as const }] : []),
    ];
  }
}
