import type { AccountCard } from '../../contract/account-card.ts';
import { disableReasonWords } from '../../domain/status.ts';
import { vendorMessage } from '../../domain/vendor-message.ts';
import { money } from '../kit/figures.ts';
import { fullStamp, knownZone } from '../kit/times.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

/** The text to paste to the vendor; plain spaces, because it travels through chats and tickets. */
export function vendorReport(card: AccountCard): string {
  const amount = (minor: number | null) => (minor === null ? null : plain(money(minor, card.currency)));
  return vendorMessage({
    accountId: card.accountId,
    vendor: card.vendor,
    headline: `Account ${card.state}`,
    since: card.stateSince === null ? 'time not known' : fullStamp(card.stateSince, knownZone(card.timezone)),
    finalSpend: amount(card.spendMinor),
    dailyLimit: amount(card.dailyLimitMinor),
    reason: disableReasonWords(card.disableReason),
    fundsLeft: amount(card.fundsLeftMinor),
  });
}
