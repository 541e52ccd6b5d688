import { zoneSpans } from '../../domain/calendar.ts';
import {
  afterOf,
  conditionKinds,
  holdsAt,
  isBlind,
  stepCondition,
  type ConditionCount,
  type ConditionKind,
} from '../../domain/conditions.ts';
import { tunerOf } from '../../domain/rules.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { listRules } from '../../store/alert-rules.ts';
import { endAlert } from '../../store/alerts.ts';
import {
  forgetConditions,
  listOver,
  listUntold,
  readFacts,
  takeJudgeTurn,
  writeConditions,
  type ConditionWrite,
  type FactsRow,
  type KnownCondition,
} from '../../store/conditions.ts';
import { slotSeconds } from '../../store/snapshots.ts';
import { resolveAlert } from './resolve-alert.ts';
import { isJudged, lastSeenAt, readUsual, slotFactsOf, type View } from './slot-facts.ts';
import { tellConditions } from './tell-conditions.ts';

interface Deps {
  database: Database;
  clock: Clock;
  settings: { metricsMs: number };
}

/** Accounts judged in one transaction. */
const portion = 500;

/**
 * Judges every condition of every account by what is stored now, and tells what has opened or ended. It looks at how things
 * stand, not at what has just happened: whatever an earlier run left undone, this one does.
 */
export async function judgeFleet({ database, clock, settings }: Deps): Promise<void> {
  const slotAt = Math.floor((await clock.now()) / settings.metricsMs) * settings.metricsMs;
  const tuned = tunerOf(await listRules(database.sql));
  const view: View = { slotAt, metricsMs: settings.metricsMs, tuned, spanOf: zoneSpans() };
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    const at = await clock.now();
    after = await database.transaction((sql) => judgePortion(sql, view, from, at));
  }
  // All that has opened is told at once, whatever portion it was in: a wave is one message.
  const untold = await listUntold(database.sql);
  if (untold.length === 0) return;
  const at = await clock.now();
  await database.transaction(async (sql) => {
    await takeJudgeTurn(sql);
    await tellConditions(sql, view, at);
  });
}

/** Judges the accounts behind a number; answers the last one's, or null when there are no more. */
async function judgePortion(sql: Sql, view: View, after: number, at: number): Promise<number | null> {
  await takeJudgeTurn(sql);
  const rows = await readFacts(sql, view.slotAt, { after, most: portion });
  const usual = await readUsual(sql, rows, view);
  const verdicts = rows.flatMap((row) => judge(row, view, usual.get(row.no) ?? null));
  await writeConditions(
    sql,
    verdicts.flatMap(({ keeps }) => keeps ?? []),
  );
  const gone = verdicts.filter(({ keeps }) => keeps === null);
  await forgetConditions(sql, gone);
  const alertsOf = (some: Verdict[]) => some.flatMap(({ alertId }) => alertId ?? []);
  // What is switched off or has a cause that is told already ends without a word.
  const silent = new Set(await listOver(sql, alertsOf(gone.filter(({ isMoot }) => isMoot))));
  for (const alertId of await listOver(sql, alertsOf(gone)))
    await (silent.has(alertId) ? endAlert : resolveAlert)(sql, alertId, at);
  return rows.length < portion ? null : (rows.at(-1)?.no ?? null);
}

/** What becomes of a condition: kept like this, or forgotten. */
interface Verdict {
  accountNo: number;
  kind: ConditionKind;
  keeps: ConditionWrite | null;
  alertId: number | null;
  /** Whether it was given up rather than seen to end. */
  isMoot: boolean;
}

/** The conditions of one account whose count has changed. */
function judge(row: FactsRow, view: View, usualHourMinor: number | null): Verdict[] {
  const rule = <K extends ConditionKind>(kind: K) =>
    view.tuned(kind, { vendorId: row.vendorId, accountNo: row.no });
  const facts = slotFactsOf(row, view.spanOf, usualHourMinor);
  return conditionKinds.flatMap((kind): Verdict[] => {
    const known = row.conditions.find((condition) => condition.kind === kind) ?? null;
    if (!isJudged(row) || !rule(kind).isOn) return known === null ? [] : [forget(row.no, known, true)];
    const isSight = kind === 'blind_spot';
    // Of a connection that cannot be read people know: it is why its accounts are not seen, and their figures are old.
    if (row.connectionState !== 'ok' || (isSight && row.isConnectionTold)) return [];
    const slot = isSight ? slotSeconds(view.slotAt) : row.slot;
    if (slot === null) return [];
    const holds = isSight ? isBlind(unseenSlots(row, view), rule(kind)) : facts && holdsAt(kind, facts, rule);
    const next = stepCondition(known, holds, slot, afterOf(rule(kind)));
    if (next === null) return known === null ? [] : [forget(row.no, known, false)];
    if (isSame(known, next)) return [];
    const alertId = known?.alertId ?? null;
    return [
      {
        accountNo: row.no,
        kind,
        keeps: { ...next, accountNo: row.no, kind, alertId },
        alertId,
        isMoot: false,
      },
    ];
  });
}

function forget(accountNo: number, { kind, alertId }: KnownCondition, isMoot: boolean): Verdict {
  return { accountNo, kind, keeps: null, alertId, isMoot };
}

/** A slot alone is not worth a write. */
function isSame(known: ConditionCount | null, next: ConditionCount): boolean {
  return known !== null && known.bad === next.bad && known.good === next.good && known.isOpen === next.isOpen;
}

/** How many cycles have begun since the older of an account's two readings: its status and its figures. */
function unseenSlots(row: FactsRow, { slotAt, metricsMs }: View): number {
  return Math.round((slotAt - Math.floor(lastSeenAt(row) / metricsMs) * metricsMs) / metricsMs);
}
