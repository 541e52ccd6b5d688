import { localDay } from '../../domain/calendar.ts';
import { recordActivities, dateChanges } from '../../store/activities.ts';
import { listConnections } from '../../store/connections.ts';
import { announceChanged } from '../../store/live.ts';
import {
  dateFoundState,
  listUntoldStories,
  markStoryRead,
  writeFinalSpend,
  type UntoldStory,
} from '../../store/stories.ts';
import type { ActivityReading } from '../../domain/observation.ts';
import type { PollDeps } from './run-cycle.ts';

const mostPerRun = 20;
const logKeptMs = 7 * 86_400_000;
const marginMs = 60 * 60_000;
const timeLimitMs = 15_000;

/**
 * Asks Meta's activity log when accounts changed their state, and how many clicks the dead ones had. The alert is long on its
 * way by then; where the log is silent or cannot be read, the time of detection stays, and the hourly read of the log
 * may still bring the moment later.
 */
export async function readStories(deps: PollDeps): Promise<void> {
  const { database, clock, log } = deps;
  const at = await clock.now();
  const untold = await listUntoldStories(database.sql, at, mostPerRun);
  if (untold.length === 0) return;
  const connections = new Map((await listConnections(database.sql)).map((c) => [c.id, c]));
  const limit = AbortSignal.timeout(timeLimitMs);
  const signal = deps.stopSignal === undefined ? limit : AbortSignal.any([limit, deps.stopSignal]);
  await Promise.all(
    untold.map(async (story) => {
      const { accountId, stateSince } = story;
      const connection = connections.get(story.connectionId);
      const source = connection?.state === 'ok' ? await deps.sourceOf(connection) : null;
      if (source === null) return;
      const since = stateSince === null ? at - logKeptMs : (story.lastSeenAt ?? stateSince) - marginMs;
      const read = await source.readStory(accountId, since, { signal, now: () => at });
      if (!read.ok) {
        const { kind, detail } = read.failure;
        log.warn('activity log not read', { accountId, kind, detail });
        if (kind === 'transient' || kind === 'rate' || kind === 'ceiling') return;
      }
      const { activities, lifetimeClicks } = read.ok ? read.value : { activities: [], lifetimeClicks: null };
      await tellStory(deps, story, activities, lifetimeClicks, at);
    }),
  );
}

async function tellStory(
  { database }: PollDeps,
  { accountNo, accountId, timezone, stateSince }: UntoldStory,
  activities: readonly ActivityReading[],
  lifetimeClicks: number | null,
  at: number,
): Promise<void> {
  await database.transaction(async (sql) => {
    await recordActivities(
      sql,
      activities.map((entry) => ({ accountNo, ...entry })),
      at,
    );
    const changes = activities.filter(({ eventType }) => eventType === 'ad_account_update_status');
    const newest = changes.length === 0 ? null : Math.max(...changes.map(({ occurredAt }) => occurredAt));
    if (stateSince !== null) await dateChanges(sql, [accountNo]);
    else if (newest !== null) await dateFoundState(sql, accountNo, newest);
    const endedAt = newest ?? stateSince;
    if (endedAt !== null) await writeFinalSpend(sql, accountNo, localDay(endedAt, timezone));
    await markStoryRead(sql, accountNo, { lifetimeClicks, at });
    await announceChanged(sql, [accountId]);
  });
}
