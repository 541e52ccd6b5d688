/** How every account really stands at an instant, from the world itself and never through the Graph API. */
import { viewAccount, type AccountView, type Simulation } from '../simulation.ts';
import { adsOnDay } from '../world/ads.ts';
import { dayText, localDay } from '../world/calendar.ts';
import { dayDelivery } from '../world/fleet.ts';
import { minorPerMajor } from '../world/money.ts';
import { ScenarioRefused } from './body.ts';

/** The truth about the asked accounts (all by default), in the fleet's order. Amounts are integers of minor units. */
export function truth(simulation: Simulation, atMs: number, accountIds?: readonly string[]): object {
  const { fleet } = simulation;
  const indices =
    accountIds?.map((id) => {
      const index = fleet.indexOf(id);
      if (index === undefined) throw new ScenarioRefused(`There is no account ${id}`);
      return index;
    }) ?? fleet.indices;
  return {
    at: new Date(atMs).toISOString(),
    accounts: indices.map((index) => accountTruth(viewAccount(simulation, index, atMs))),
  };
}

function accountTruth(account: AccountView): object {
  const { traits, nowMs } = account;
  const { currency, zone } = traits.market;
  const state = account.state();
  const today = localDay(zone, nowMs);
  return {
    index: traits.index,
    account_id: traits.accountId,
    name: traits.name,
    business_id: traits.business.id,
    account_status: state.status,
    disable_reason: state.disableReason,
    currency,
    timezone_name: zone,
    amount_spent_minor: state.amountSpentMinor,
    /** null = no cap. */
    spend_cap_minor: state.spendCapMinor === 0 ? null : state.spendCapMinor,
    balance_minor: state.balanceMinor,
    daily_limit: limitTruth(account),
    today: dayTruth(account, today),
    yesterday: dayTruth(account, today - 1),
    ads: adsTruth(account, today),
  };
}

/** What Meta tells of the daily limit: an amount, that there is none, nothing, or that it refuses the field. */
function limitTruth(account: AccountView): object {
  const { dailyLimit, isLimitRejected } = account.state();
  if (isLimitRejected) return { answer: 'rejected', minor: null };
  if (dailyLimit === undefined) return { answer: 'absent', minor: null };
  if (dailyLimit < 0) return { answer: 'unlimited', minor: null };
  return { answer: 'number', minor: dailyLimit * minorPerMajor(account.traits.market.currency) };
}

/** A day of the account's own calendar as far as it is measured; without delivery all figures are 0. */
function dayTruth({ history, nowMs }: AccountView, day: number): object {
  const delivered = dayDelivery(history, day, nowMs);
  return {
    day: dayText(day),
    spend_minor: delivered.spendMinor,
    impressions: delivered.impressions,
    clicks: delivered.clicks,
    link_clicks: delivered.linkClicks,
    outbound_clicks: delivered.outboundClicks,
  };
}

function adsTruth({ history }: AccountView, day: number): object {
  const statuses = adsOnDay(history, day);
  const count = (status: string): number => statuses.filter((one) => one === status).length;
  return { total: statuses.length, active: count('ACTIVE'), rejected: count('DISAPPROVED') };
}
