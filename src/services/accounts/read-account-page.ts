import type { AccountAsk, AccountPageView, TimelineItem } from '../../contract/account-page.ts';
import type { AccountId } from '../../domain/account.ts';
import { readActivity } from '../../domain/activity.ts';
import { type Actor, may } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { findHistorySubject } from '../../store/account-history.ts';
import { findOpenAlert } from '../../store/account-replay.ts';
import { readCards } from '../../store/cards.ts';
import { readTimeline, type TimelineRow } from '../../store/timeline.ts';
import { mustBeAllowed } from '../refusal.ts';
import { cardOf } from './read-board.ts';
import { readDayFigures } from './read-day-figures.ts';
import { readReplay } from './read-replay.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  settings: { sweepMs: number; metricsMs: number };
}

const entriesPerPage = 30;

/** The page of one account, archived or not, but for its charts; null when there is none of this id. Throws `Refused`. */
export async function readAccountPage(
  deps: Deps,
  actor: Actor,
  accountId: AccountId,
  ask: Omit<AccountAsk, 'range'>,
): Promise<AccountPageView | null> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const { sweepMs, metricsMs } = deps.settings;
  const now = await deps.clock.now();
  const account = await findHistorySubject(sql, accountId);
  const [row] = await readCards(sql, now, { accountIds: [accountId], withArchived: true });
  if (account === null || row === undefined) return null;
  return {
    now,
    sweepMs,
    metricsMs,
    card: cardOf(row),
    dateAdded: account.dateAdded,
    archivedAt: account.archivedAt,
    ...(await readDayFigures(sql, account)),
    openAlert: may(actor, 'alerts:read') ? await findOpenAlert(sql, account.no) : null,
    canWrite: may(actor, 'notes:write'),
    timeline: await readEntries(sql, account.no, ask),
    replay: await readReplay(sql, account, metricsMs),
  };
}

async function readEntries(
  sql: Sql,
  accountNo: number,
  { kind, before }: Omit<AccountAsk, 'range'>,
): Promise<AccountPageView['timeline']> {
  const [at = 0, rank = 0, id = 0] = before?.split('.').map(Number) ?? [];
  const rows = await readTimeline(sql, accountNo, {
    kind,
    before: before === null ? null : { at, rank, id },
    limit: entriesPerPage + 1,
  });
  const page = rows.slice(0, entriesPerPage);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    items: page.map(itemOf),
    olderThan: last === undefined ? null : `${last.at}.${last.rank}.${last.id}`,
  };
}

function itemOf(row: TimelineRow): TimelineItem {
  const { id, at, seenAt, name } = row;
  const happening = { id, at, seenAt };
  switch (row.source) {
    case 'change': {
      const { fromCode, toCode, fromState, toState, fromMinor, toMinor } = row;
      const sides = { fromCode, toCode, fromState, toState, fromMinor, toMinor };
      return { ...happening, ...sides, source: 'change', kind: name };
    }
    case 'log': {
      const detail = readActivity(name, row.extra ?? '');
      return { ...happening, source: 'log', eventType: name, words: row.words, detail };
    }
    case 'alert': {
      const { resolvedAt, acknowledgedBy } = row;
      const life = { resolvedAt, acknowledgedBy, channels: row.channels ?? [] };
      return { ...happening, ...life, source: 'alert', title: name, severity: row.extra ?? '' };
    }
    case 'note':
      return { ...happening, source: 'note', author: name, words: row.words ?? '' };
  }
}
