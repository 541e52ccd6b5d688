import type { AnalyticsView, CostFinding } from '../../contract/analytics.ts';
import { count, money } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import { costWords } from './chart-words.ts';

/** Who pays too much for a click, as a sentence with what it stands on. */
export function Findings({ findings, compared }: Pick<AnalyticsView, 'findings' | 'compared'>) {
  return (
    <section className="panel" aria-labelledby="findings">
      <div className="panel__head">
        <h2 id="findings">Who pays too much per click</h2>
      </div>
      <div className="panel__body">
        {findings.length === 0 ? (
          <p>{noneWords(compared)}</p>
        ) : (
          <ul className="dear">
            {findings.map((finding) => (
              <OneFinding key={`${finding.vendor} ${finding.currency}`} finding={finding} />
            ))}
          </ul>
        )}
        <p className="muted">
          Compared: {count(compared.accounts)} living accounts with {count(compared.clicks)} outbound clicks
          on the last 7 closed account-days of each, within one vendor and currency ({count(compared.groups)}{' '}
          groups
          {compared.tooFew > 0 && `, ${count(compared.tooFew)} of them with too few clicks to say`}). An
          account is named from 100 outbound clicks on, against at least 500 of the rest, when it pays at
          least 25% more and chance does not explain it (95% for all accounts of a group together, ratio of
          two rates on the log scale).
        </p>
      </div>
    </section>
  );
}

function noneWords({ accounts, clicks }: AnalyticsView['compared']): string {
  if (accounts === 0)
    return 'No living account has a closed account-day in the last 7 days, so there is nothing to compare yet.';
  return clicks === 0
    ? 'Nobody had an outbound click in the last 7 closed account-days.'
    : 'Nobody stands out: no account pays at least 25% more per outbound click than the rest of its vendor.';
}

function OneFinding({ finding }: { finding: CostFinding }) {
  const { vendor, currency, accounts, spendMinor, clicks, restSpendMinor, restClicks, restAccounts } =
    finding;
  const more = (ratio: number) => `${Math.round((ratio - 1) * 100)}%`;
  const isOne = accounts.length === 1;
  return (
    <li>
      <Icon name="up" />
      <div>
        <p>
          <b>
            {isOne ? 'This account pays' : `These ${accounts.length} accounts pay`} {more(finding.ratio)} more
            per outbound click than the rest of {vendor} in {currency}
          </b>{' '}
          over 7 days ({count(clicks)} clicks): {costWords(spendMinor / clicks, currency)} against{' '}
          {costWords(restSpendMinor / restClicks, currency)} of {count(restAccounts)} other{' '}
          {restAccounts === 1 ? 'account' : 'accounts'} ({count(restClicks)} clicks).
        </p>
        <p>
          At the rest’s price {isOne ? 'it' : 'they'} would have kept{' '}
          <b>{money(finding.savedMinor, currency)}</b> of {money(spendMinor, currency)}.{' '}
          <span className="muted">
            95%: {more(finding.low)} to {more(finding.high)} more.
          </span>
        </p>
        <ul className="dear__accounts">
          {accounts.map((account) => (
            <li key={account.accountId}>
              <a href={`/accounts/${account.accountId}`}>{account.name ?? account.accountId}</a>{' '}
              <span className="muted">
                {account.accountId}, {costWords(account.spendMinor / account.clicks, currency)} on{' '}
                {count(account.clicks)} clicks
              </span>
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}
