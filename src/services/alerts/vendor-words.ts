import { moneyWords } from '../../domain/alert-words.ts';
import { isZone } from '../../domain/calendar.ts';
import { disableReasonWords } from '../../domain/status.ts';
import { vendorMessage } from '../../domain/vendor-message.ts';
import type { AccountCard } from '../../contract/account-card.ts';
import type { Purpose } from '../../ports/channel.ts';
import type { Sql } from '../../ports/sql.ts';
import { listAccountsOfVendor, type MessageWords } from '../../store/alert-life.ts';
import { readCards } from '../../store/cards.ts';
import { cardOf } from '../accounts/read-board.ts';

/** More accounts than this are named by their ids alone. */
const mostReports = 5;

/**
 * What a vendor's own channel is told of an alert: the report that a buyer would paste to him, of his accounts only, or that
 * they are back. Nothing of other vendors' accounts and nothing that the team says among itself.
 */
export async function vendorWords(
  sql: Sql,
  { alertId, vendorId, purpose, at }: { alertId: number; vendorId: number; purpose: Purpose; at: number },
): Promise<MessageWords> {
  const accountIds = await listAccountsOfVendor(sql, alertId, vendorId);
  const cards = (await readCards(sql, at, { accountIds, withArchived: true })).map(cardOf);
  const which = cards.length === 1 ? (cards[0]?.accountId ?? '') : `${cards.length} accounts`;
  if (purpose === 'resolved')
    return {
      title: `${which}: no longer down`,
      body: `Works again: ${accountIds.join(', ')}. No replacement is needed.`,
      fields: [],
    };
  const isBrief = cards.length > mostReports;
  return {
    title: `${which}: replacement needed`,
    body: cards
      .map((card) => (isBrief ? `${card.accountId}: ${card.state}` : reportOf(card)))
      .join(isBrief ? '\n' : '\n\n'),
    fields: [],
  };
}

/** The report about one account, as the screen's button copies it. */
export function reportOf(card: AccountCard): string {
  const money = (minor: number | null) => moneyWords(minor, card.currency);
  return vendorMessage({
    accountId: card.accountId,
    vendor: card.vendor,
    headline: `Account ${card.state}`,
    since: card.stateSince === null ? 'time not known' : stamp(card.stateSince, card.timezone),
    finalSpend: money(card.spendMinor),
    dailyLimit: money(card.dailyLimitMinor),
    reason: disableReasonWords(card.disableReason),
    fundsLeft: money(card.fundsLeftMinor),
  });
}

function stamp(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: isZone(zone) ? zone : 'UTC',
    ...{
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
    },
  })
    .format(at)
    .replaceAll('\u202f', ' ');
}
