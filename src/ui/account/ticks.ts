const hour = 3600;
const day = 24 * hour;
const steps = [300, 900, 1800, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour];

/**
 * Where the axis of time bears words: at midnights of the account's zone, or at round hours counted from them. At most `most`
 * of them, about; all instants are epoch seconds.
 */
export function ticks(
  dawns: readonly number[],
  [from, to]: readonly [number, number],
  most: number,
): number[] {
  const apart = (to - from) / Math.max(1, most);
  const step = steps.find((one) => one >= apart);
  const seen = (at: number) => at >= from && at <= to;
  if (step === undefined) {
    const every = Math.max(1, Math.ceil(apart / day));
    return dawns.filter((at, place) => place % every === 0 && seen(at));
  }
  const first = dawns[0] ?? from - (from % day);
  const starts = [first - day, ...(dawns.length > 0 ? dawns : [first, first + day])];
  return starts.flatMap((start, place) => {
    const end = starts[place + 1] ?? start + day;
    if (end < from || start > to) return [];
    return Array.from({ length: Math.ceil((end - start) / step) }, (_, count) => start + count * step).filter(
      seen,
    );
  });
}
