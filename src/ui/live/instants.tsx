'use client';

import { useSyncExternalStore } from 'react';
import { age, clockTime, fullStamp, stamp } from '../kit/times.ts';
import { Tick } from './clock.tsx';

/** How long ago an instant (epoch ms) was; it ticks. */
export function Ago({ at }: { at: number }) {
  return <Tick text={({ now }) => age(now - at)} />;
}

/** How long it is until then: `in 2 min`, or `now`. */
export function Until({ at }: { at: number }) {
  return <Tick text={({ now }) => (at - now < 1000 ? 'now' : `in ${age(at - now)}`)} />;
}

const dayMs = 86_400_000;
const never = () => () => {};

/** An instant in the reader's own zone, which only his browser knows: `16:40`, with the date where it is not the day of `now`. */
export function LocalTime({ at, now }: { at: number; now: number | null }) {
  const zone = useSyncExternalStore(
    never,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
  const isNear = now !== null && Math.abs(now - at) < dayMs && dayIn(now, zone) === dayIn(at, zone);
  return (
    <time dateTime={new Date(at).toISOString()} title={fullStamp(at, zone)}>
      {isNear ? clockTime(at, zone) : stamp(at, zone)}
    </time>
  );
}

function dayIn(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, dateStyle: 'short' }).format(at);
}
