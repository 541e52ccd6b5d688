import type { AlertAsk, AlertScreenView, AlertView, SilenceView } from '../../contract/alert-view.ts';
import { alertTitle } from '../../domain/alert-words.ts';
import { type Actor, may } from '../../domain/permissions.ts';
import { shortId } from '../../domain/short-id.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import * as lists from '../../store/alert-lists.ts';
import { readCheckedAt } from '../../store/health.ts';
import { countFleet, listVendorNames } from '../../store/operator.ts';
import { listSilences, type SilenceRow } from '../../store/silences.ts';
import { mustBeAllowed } from '../refusal.ts';
import { byAlert } from './by-alert.ts';
import { stateOf } from './list-alerts.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

const endedPerPage = 50;
const mostNamed = 50;

/** The screen of alerts as the actor asked for it: what holds first, then what ended. Throws `Refused`. */
export async function readAlertScreen(deps: Deps, actor: Actor, ask: AlertAsk): Promise<AlertScreenView> {
  mustBeAllowed(actor, 'alerts:read');
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const standing = await lists.listStandingAlerts(sql, ask);
  const shown = standing.filter(
    ({ isAcknowledged }) => ask.tab === 'all' || ask.tab === (isAcknowledged ? 'acknowledged' : 'open'),
  );
  const isPage = ask.before !== null;
  const ended =
    ask.tab === 'resolved' || ask.tab === 'all'
      ? await lists.listEndedAlerts(sql, { ...ask, limit: endedPerPage + 1 })
      : [];
  const page = ended.slice(0, endedPerPage);
  const ids = [...(isPage ? [] : shown.map(({ id }) => id)), ...page];
  const alerts = await readViews(sql, ids);
  // A wave says what it is on its own; beside the list the first single alert is worth more.
  const first = alerts.find(({ accountCount }) => accountCount <= 1) ?? alerts[0];
  const chosenId = ask.chosen ?? first?.id ?? null;
  const chosen =
    alerts.find(({ id }) => id === chosenId) ?? (await readViews(sql, [chosenId ?? 0]))[0] ?? null;
  return {
    now,
    checkedAt: await readCheckedAt(sql),
    counts: {
      open: standing.filter(({ isAcknowledged }) => !isAcknowledged).length,
      acknowledged: standing.filter(({ isAcknowledged }) => isAcknowledged).length,
    },
    alerts,
    olderThan: ended.length > page.length ? (page.at(-1) ?? null) : null,
    chosen,
    silences: (await listSilences(sql, now)).map((silence) => silenceOf(silence, actor)),
    vendors: await listVendorNames(sql),
    accountCount: (await countFleet(sql)).accounts,
  };
}

/** The alerts of these ids with their deliveries and accounts, in this order. */
async function readViews(sql: Sql, ids: readonly number[]): Promise<AlertView[]> {
  const rows = new Map((await lists.readAlertsOf(sql, ids)).map((row) => [row.id, row]));
  const deliveries = byAlert(await lists.readDeliveriesOf(sql, ids));
  const vendors = byAlert(await lists.readVendorShares(sql, ids));
  const funds = byAlert(await lists.readFundsLeft(sql, ids));
  const accounts = byAlert(await lists.readNamedAccounts(sql, ids, mostNamed));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    if (row === undefined) return [];
    const left = funds(id);
    return {
      id,
      shortId: shortId(id),
      kind: row.kind,
      severity: row.severity,
      state: stateOf(row),
      title: row.title,
      text: row.body,
      fields: fieldsOf(row.fields),
      openedAt: row.openedAt,
      resolvedAt: row.resolvedAt,
      acknowledgedAt: row.acknowledgedAt,
      acknowledgedBy: row.acknowledgedBy,
      acknowledgedReason: row.acknowledgedReason,
      snoozedUntil: row.snoozedUntil,
      // Where nobody was told, nobody is told again.
      nextStepAt: deliveries(id).length === 0 ? null : row.nextStepAt,
      isFlapping: row.isFlapping,
      silence:
        row.silenceAuthor === null || row.silenceReason === null || row.silenceEndsAt === null
          ? null
          : { author: row.silenceAuthor, reason: row.silenceReason, endsAt: row.silenceEndsAt },
      mutedBy: row.mutedBy === null ? null : { id: row.mutedBy, title: row.mutedByTitle ?? '' },
      digestDay: row.digestDay,
      accountCount: row.accountIds.length,
      accounts: accounts(id).map(({ alertId: _, ...account }) => account),
      vendors: vendors(id).map(({ alertId: _, ...share }) => share),
      fundsLeft:
        left.length === 0
          ? null
          : {
              byCurrency: left
                .filter(({ minor }) => minor > 0)
                .map(({ currency, minor }) => ({ currency, minor })),
              unread: left.reduce((sum, { unread }) => sum + unread, 0),
            },
      deliveries: deliveries(id).map(({ alertId: _, step: _step, ...delivery }) => delivery),
    };
  });
}

/** The labelled values of a stored alert; anything else in there is left out. */
export function fieldsOf(stored: unknown): { label: string; value: string }[] {
  const fields: unknown[] = Array.isArray(stored) ? stored : [];
  return fields.flatMap((field) => {
    const { label, value } = { ...(field as { label?: unknown; value?: unknown } | null) };
    return typeof label === 'string' && typeof value === 'string' ? [{ label, value }] : [];
  });
}

function silenceOf(silence: SilenceRow, actor: Actor): SilenceView {
  const { id, author, reason, endsAt, kinds, vendor, accountId, accountName } = silence;
  const what = kinds === null ? 'All alerts' : kinds.map(alertTitle).join(', ');
  const account =
    accountId === null ? null : accountName === null ? accountId : `${accountName} (${accountId})`;
  const whom = [account, vendor].filter((name) => name !== null);
  return {
    id,
    author,
    reason,
    endsAt,
    scope: whom.length === 0 ? what : `${what} of ${whom.join(', ')}`,
    canEnd: may(actor, 'rules:change') || (accountId !== null && may(actor, 'alerts:acknowledge')),
  };
}
