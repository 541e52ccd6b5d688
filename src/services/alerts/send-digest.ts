import { addDays, instantOf, isZone, localDay, startOfDay } from '../../domain/calendar.ts';
import { type DigestFigures, digestWords, judgeDays } from '../../domain/digest.ts';
import type { Log } from '../../ports/log.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { openAlert } from '../../store/alerts.ts';
import { readAudits } from '../../store/audits.ts';
import * as store from '../../store/digests.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const digestHour = 8;
/** A message that is due for so long is late. */
const lateMs = 120_000;

/**
 * Writes the digest of the owner's local day once it is 08:00 there, and puts it into the outbox; true when this call did.
 * Any number of processes may call at any time: the alert's key lets one win. A house that is younger than this morning has
 * nothing to look back on.
 */
export async function sendDigest(
  { database, log }: { database: Pick<Database, 'sql' | 'transaction'>; log: Log },
  now: number,
): Promise<boolean> {
  const owner = await store.findOwner(database.sql);
  if (owner === null) return false;
  const zone = isZone(owner.timezone) ? owner.timezone : 'UTC';
  const day = localDay(now, zone);
  const dueAt = instantOf(day, digestHour * 60, zone);
  if (now < dueAt || owner.createdAt > dueAt) return false;
  // Asked first, because this is called every minute.
  if ((await store.readDigest(database.sql, day)) !== null) return false;

  const figures = await gatherFigures(database.sql, day, now);
  const isSent = await database.transaction(async (sql) => {
    const kind = 'daily_digest';
    const alertId = await openAlert(
      sql,
      {
        ...digestWords(figures),
        key: `digest:${day}`,
        kind,
        severity: 'info',
        subject: null,
        connectionId: null,
        accounts: [],
      },
      now,
    );
    if (alertId === null) return false;
    await store.insertDigest(sql, { day, alertId, figures });
    await store.enqueueDigest(sql, alertId, now);
    return true;
  });
  if (isSent) log.info('digest written', { day, zone });
  return isSent;
}

/** What happened in the 24 hours before an instant. */
async function gatherFigures(sql: Sql, day: string, until: number): Promise<DigestFigures> {
  const since = until - dayMs;
  const closed = (await store.listDaysClosed(sql, since)).map(({ accountNo, day: closedDay, zone }) => ({
    accountNo,
    day: closedDay,
    endedAt: startOfDay(addDays(closedDay, 1), isZone(zone) ? zone : 'UTC'),
  }));
  const [audit] = await readAudits(sql, 1);
  return {
    day,
    until,
    ...judgeDays(await store.readClosedDays(sql, closed)),
    died: await store.listLives(sql, 'died', since),
    returned: await store.listLives(sql, 'returned', since),
    connections: await store.readAnswerTimes(sql, since),
    slowQueries: await store.countSlowQueries(sql, since),
    audit:
      audit === undefined || audit.auditedAt < since
        ? null
        : { day: audit.auditedOn, accounts: audit.accounts, within: audit.within },
    channels: await store.listTroubledChannels(sql, since, until - lateMs),
  };
}
