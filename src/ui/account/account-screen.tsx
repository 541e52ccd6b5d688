import type { AccountAsk, AccountPageView } from '../../contract/account-page.ts';
import { historyRanges, type HistoryRange } from '../../contract/account-history.ts';
import { knownZone } from '../kit/times.ts';
import { AccountCharts } from './account-charts.tsx';
import { AccountFacts } from './account-facts.tsx';
import { AccountHead } from './account-head.tsx';
import type { WordActions } from './account-words.tsx';
import { pageAddress } from './page-address.ts';
import { ReplayPanel } from './replay-panel.tsx';
import { Timeline } from './timeline.tsx';

interface ScreenProps {
  view: AccountPageView;
  ask: AccountAsk;
  actions: WordActions;
}

/** Everything about one account: head and figures, how it died, its charts, what happened to it. */
export function AccountScreen({ view, ask, actions }: ScreenProps) {
  const { card, replay, timeline } = view;
  const { accountId, currency } = card;
  const zone = knownZone(card.timezone);
  const addresses = Object.fromEntries(
    historyRanges.map((range) => [range, pageAddress(accountId, { ...ask, range })]),
  ) as Record<HistoryRange, string>;
  return (
    <>
      <AccountHead view={view} actions={actions} />
      <AccountFacts view={view} />
      <div className="acct-cols">
        <div className="acct-stack">
          {replay !== null && (
            <ReplayPanel replay={replay} currency={currency} zone={zone} disableReason={card.disableReason} />
          )}
          <AccountCharts accountId={accountId} range={ask.range} addresses={addresses} asOf={view.now} />
        </div>
        <Timeline accountId={accountId} ask={ask} {...timeline} currency={currency} zone={zone} />
      </div>
    </>
  );
}
