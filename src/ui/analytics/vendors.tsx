import type { ReactNode } from 'react';
import type { Period, VendorRecord } from '../../contract/analytics.ts';
import { fewestDeaths } from '../../domain/rates.ts';
import { count, money, percent } from '../kit/figures.ts';
import { dayCount, decimal, plural } from './vendor-words.ts';

/** What each vendor's accounts have lived through, side by side, every figure with what it stands on. */
export function Vendors({ vendors, days }: { vendors: readonly VendorRecord[]; days: Period }) {
  const excluded = vendors.reduce((sum, { foundDead }) => sum + foundDead, 0);
  return (
    <section className="panel" aria-labelledby="vendors">
      <div className="panel__head">
        <h2 id="vendors">Vendors compared</h2>
        <p className="muted">deaths, days and limits of the last {days} days; lives since the first</p>
      </div>
      <div className="wide" role="region" aria-label="Table of the vendors" tabIndex={0}>
        <table className="vendors">
          <thead>
            <tr>
              <th scope="col">Vendor</th>
              <th scope="col">Accounts</th>
              <th scope="col">Deaths</th>
              <th scope="col">Deaths per 100 account-days</th>
              <th scope="col">Median life</th>
              <th scope="col">Spend before death</th>
              <th scope="col">Daily limit used</th>
              <th scope="col">Days below 70%</th>
            </tr>
          </thead>
          <tbody>
            {vendors.map((vendor) => (
              <Row key={vendor.vendor} record={vendor} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="panel__note muted">
        A suspension or closing counts as a death, unless it is taken back within 3 days.{' '}
        {excluded > 0 && (
          <>
            {plural(excluded, 'account was', 'accounts were')} dead when ArbHub first saw{' '}
            {excluded === 1 ? 'it' : 'them'}: left out of deaths, days and lives, but not of the spend before
            death.{' '}
          </>
        )}
        Rates and intervals (95%, exact) need 5 deaths and 100 account-days; limits need 100 closed
        account-days with a known limit that did not end dead.
      </p>
    </section>
  );
}

function Row({ record }: { record: VendorRecord }) {
  const { accountsNow, accountsEver, foundDead, deaths, watchedDays, returns, limitUse, limitDays } = record;
  const use = [
    plural(limitDays, 'account-day', 'account-days'),
    ...(record.daysWithoutLimit > 0 ? [`${count(record.daysWithoutLimit)} without a known limit`] : []),
  ].join(', ');
  return (
    <tr>
      <th scope="row">{record.vendor}</th>
      <Cell
        figure={count(accountsNow)}
        basis={`${count(accountsEver)} ever${foundDead > 0 ? `, ${count(foundDead)} found dead` : ''}`}
      />
      <Cell figure={count(deaths)} basis={returns > 0 ? `${count(returns)} taken back` : 'none taken back'} />
      <Rate record={record} basis={`${dayCount(watchedDays)} watched`} />
      <Life record={record} />
      <SpendBeforeDeath record={record} />
      <Cell figure={limitUse === null ? null : percent(limitUse.meanShare * 100)} basis={use} />
      <Cell figure={limitUse === null ? null : percent(limitUse.underShare * 100)} basis={use} />
    </tr>
  );
}

function Cell({ figure, basis }: { figure: ReactNode | null; basis: ReactNode }) {
  return (
    <td>
      {figure === null ? <span className="muted">too few to say</span> : <b>{figure}</b>}
      <span className="basis">{basis}</span>
    </td>
  );
}

function Rate({ record, basis }: { record: VendorRecord; basis: string }) {
  const { rate, deaths } = record;
  if (rate === null) return <Cell figure={null} basis={basis} />;
  const interval = `95%: ${decimal(rate.low)} to ${decimal(rate.high)}, ${basis}`;
  // The interval is honest with few deaths too; the figure alone is not.
  return <Cell figure={deaths < fewestDeaths ? null : decimal(rate.value)} basis={interval} />;
}

function Life({ record }: { record: VendorRecord }) {
  const { lives, lifeDeaths, medianLifeDays, curveUntil } = record;
  const basis = `${plural(lives, 'life', 'lives')}, ${plural(lifeDeaths, 'death', 'deaths')}`;
  if (lifeDeaths < fewestDeaths) return <Cell figure={null} basis={basis} />;
  const figure = medianLifeDays === null ? `more than ${dayCount(curveUntil)}` : dayCount(medianLifeDays);
  return <Cell figure={figure} basis={basis} />;
}

function SpendBeforeDeath({ record }: { record: VendorRecord }) {
  const { spendBeforeDeath, spendUnknown } = record;
  const told = spendBeforeDeath.filter(({ accounts }) => accounts >= fewestDeaths);
  const few = spendBeforeDeath
    .filter(({ accounts }) => accounts < fewestDeaths)
    .reduce((sum, { accounts }) => sum + accounts, 0);
  const rest = [
    ...(few > 0 ? [`${plural(few, 'account', 'accounts')} in currencies with fewer than 5`] : []),
    ...(spendUnknown > 0 ? [`${count(spendUnknown)} unknown`] : []),
  ].join(', ');
  if (told.length === 0) return <Cell figure={null} basis={rest === '' ? 'no dead account' : rest} />;
  return (
    <td>
      {told.map(({ currency, medianMinor, accounts }) => (
        <span key={currency}>
          <b>{money(medianMinor, currency)}</b>
          <span className="basis">
            median of {count(accounts)} dead accounts in {currency}
          </span>
        </span>
      ))}
      {rest !== '' && <span className="basis">{rest}</span>}
    </td>
  );
}
