/** From an account's changes to its lives: how long it was watched alive, and whether that ended with a death. */

/** What is known of one account's life. Instants are epoch ms. */
export interface Biography {
  addedAt: number;
  /** Whether it was disabled, closing or closed when it was found. */
  isFoundDown: boolean;
  /** When it went down or came back, oldest first; others are left out. */
  turns: readonly { at: number; isDown: boolean }[];
  /** When watching ended: archived, access lost, or now. */
  watchedUntil: number;
}

export interface Life {
  from: number;
  to: number;
  isDeath: boolean;
}

export interface Lives {
  lives: Life[];
  /** Suspensions that were taken back in time, so that the life went on. */
  returns: number;
}

/** A suspension that is taken back within three days is no death. */
const returnMs = 3 * 86_400_000;

/**
 * The lives of an account. One begins when the account is found alive and ends at a suspension or closing that lasts more than
 * three days; one that has lasted shorter so far counts as a death until the account comes back. Whoever comes back later
 * begins a new life, as does an account that was found dead and comes back.
 */
export function livesOf({ addedAt, isFoundDown, turns, watchedUntil }: Biography): Lives {
  const lives: Life[] = [];
  let returns = 0;
  let from: number | null = isFoundDown ? null : addedAt;
  let downAt: number | null = null;
  const end = (to: number, isDeath: boolean) => {
    if (from !== null) lives.push({ from, to: Math.max(from, to), isDeath });
    from = null;
  };
  for (const turn of turns) {
    if (turn.at > watchedUntil) break;
    if (turn.isDown) {
      downAt ??= turn.at;
      continue;
    }
    if (downAt !== null && turn.at - downAt <= returnMs) {
      if (from !== null) returns += 1;
      from ??= turn.at;
    } else {
      if (downAt !== null) end(downAt, true);
      from ??= turn.at;
    }
    downAt = null;
  }
  if (downAt !== null) end(downAt, true);
  else end(watchedUntil, false);
  return { lives, returns };
}

/** How many days of these lives lie between two instants, and how many of their deaths. */
export function exposureOf(
  lives: readonly Life[],
  since: number,
  until: number,
): { days: number; deaths: number } {
  let ms = 0;
  let deaths = 0;
  for (const life of lives) {
    ms += Math.max(0, Math.min(life.to, until) - Math.max(life.from, since));
    if (life.isDeath && life.to >= since && life.to < until) deaths += 1;
  }
  return { days: ms / 86_400_000, deaths };
}
