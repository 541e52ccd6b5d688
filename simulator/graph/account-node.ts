/** The ad account node: each field of the protocol that this world can answer. */
import type { AccountView } from '../simulation.ts';
import { DAY_MS, dayStart, instantText, zoneOffsetMs } from '../world/calendar.ts';
import { minorPerMajor, roundAmount } from '../world/money.ts';
import { delivers, Status } from '../world/status.ts';
import { countAds } from './ads-edge.ts';
import { noSuchField } from './errors.ts';
import type { Field } from './fields.ts';
import { insightsOf } from './insights-edge.ts';
import { USER_ID } from './tokens.ts';

/** undefined = the key is absent from the answer. */
type Reader = (account: AccountView, field: Field) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  id: ({ traits }) => `act_${traits.accountId}`,
  account_id: ({ traits }) => traits.accountId,
  name: ({ traits }) => traits.name,
  account_status: (account) => account.state().status,
  disable_reason: (account) => account.state().disableReason,
  currency: ({ traits }) => traits.market.currency,
  timezone_name: ({ traits }) => traits.market.zone,
  timezone_id: ({ traits }) => traits.market.zoneId,
  timezone_offset_hours_utc: ({ traits, nowMs }) => zoneOffsetMs(traits.market.zone, nowMs) / 3_600_000,
  amount_spent: (account) => String(account.state().amountSpentMinor),
  spend_cap: (account) => String(account.state().spendCapMinor),
  balance: (account) => String(account.state().balanceMinor),
  min_daily_budget: ({ traits }) => roundAmount(traits.baseCpcMinor * 3),
  min_campaign_group_spend_cap: ({ traits }) => String(roundAmount(traits.baseCpcMinor * 300)),
  // Only a token that may advertise for the account is told how it pays, and only a manager with what.
  is_prepay_account: ({ traits }) => (traits.tasks.includes('ADVERTISE') ? traits.isPrepaid : undefined),
  funding_source: (account) => (isDown(account) ? undefined : fundingId(account)),
  funding_source_details: (account) =>
    isDown(account) || !account.traits.tasks.includes('MANAGE') ? undefined : fundingDetails(account),
  business: ({ traits: { business } }, field) => pick({ id: business.id, name: business.name }, field),
  owner: ({ traits }) => traits.business.id,
  created_time: ({ traits }) =>
    instantText(createdMs(traits.market.zone, traits.createdDay), traits.market.zone),
  age: ({ traits, nowMs }) =>
    Math.max(0, Number(((nowMs - createdMs(traits.market.zone, traits.createdDay)) / DAY_MS).toFixed(4))),
  business_country_code: ({ traits }) => traits.market.country,
  user_tasks: ({ traits }) => traits.tasks,
  failed_delivery_checks: failedChecks,
  is_notifications_enabled: () => true,
  is_personal: () => 0,
  tax_id_status: () => 1,
  adtrust_dsl: dailyLimit,
  adspaymentcycle: ({ traits }) =>
    traits.isPrepaid ? undefined : { data: [{ threshold_amount: Math.floor(traits.baseCpcMinor * 800) }] },
  insights: insightsField,
  ads: adsField,
};

/** Fields of the protocol that are empty for every account of this world. */
const EMPTY = new Set([
  'expired_funding_source_details',
  'end_advertiser',
  'end_advertiser_name',
  'capabilities',
  'user_access_expire_time',
  'opportunity_score',
]);

/** Reads the asked fields of one account; `id` always comes along. */
export function readAccount(account: AccountView, fields: readonly Field[]): Record<string, unknown> {
  const node: Record<string, unknown> = {};
  for (const field of fields) {
    const reader = READERS[field.name];
    if (!reader && !EMPTY.has(field.name)) throw noSuchField(field.name, 'AdAccount');
    const value = reader?.(account, field);
    if (value !== undefined) node[field.key] = value;
  }
  node['id'] ??= `act_${account.traits.accountId}`;
  return node;
}

function dailyLimit(account: AccountView): number | undefined {
  const { dailyLimit: limit, isLimitRejected } = account.state();
  if (isLimitRejected) throw noSuchField('adtrust_dsl', 'AdAccount');
  return limit;
}

function insightsField(account: AccountView, field: Field): unknown {
  const params = new URLSearchParams([...field.modifiers]);
  params.set('fields', field.fields.map((one) => one.name).join(','));
  const { data } = insightsOf(account, params);
  // Meta leaves the key out altogether when nothing was delivered.
  return data.length === 0 ? undefined : { data };
}

function adsField(account: AccountView, field: Field): unknown {
  const counted = { total_count: countAds(account, undefined) };
  return { data: [], ...(field.modifiers.get('summary') === 'total_count' ? { summary: counted } : {}) };
}

function pick(object: Record<string, unknown>, field: Field): Record<string, unknown> {
  const names = field.fields.map((one) => one.name);
  for (const name of names) if (!(name in object)) throw noSuchField(name, 'Business');
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => name === 'id' || names.includes(name) || names.length === 0),
  );
}

function isDown(account: AccountView): boolean {
  const { status } = account.state();
  return status === Status.disabled || status === Status.closed;
}

function fundingId({ traits }: AccountView): string {
  return `${USER_ID.slice(0, 6)}${traits.accountId.slice(-9)}`;
}

function fundingDetails(account: AccountView): object {
  const { traits } = account;
  const { currency } = traits.market;
  if (!traits.isPrepaid) {
    return { id: fundingId(account), display_string: `VISA *${traits.accountId.slice(-4)}`, type: 1 };
  }
  const { amountSpentMinor } = account.state();
  const topUp = traits.topUpMinor || traits.starterLimit * minorPerMajor(currency) * 10;
  const left = (topUp - (amountSpentMinor % topUp)) / minorPerMajor(currency);
  const amount = new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(left);
  return { id: fundingId(account), display_string: `Available balance (${amount} ${currency})`, type: 20 };
}

function failedChecks(account: AccountView): object[] | undefined {
  const { status } = account.state();
  if (delivers(status)) return undefined;
  const isUnpaid = status === Status.unsettled;
  return [
    {
      check_name: isUnpaid ? 'account_unsettled' : 'account_disabled',
      summary: isUnpaid ? 'Account has an outstanding balance' : 'Account is not able to run ads',
      description: `The account is in status ${status}.`,
      extra_info: '',
    },
  ];
}

function createdMs(zone: string, day: number): number {
  return dayStart(zone, day) + 9 * 3_600_000;
}
