import { type AnalyticsView, groupings, periods } from '../../contract/analytics.ts';
import { addDays } from '../../domain/calendar.ts';
import { count } from '../kit/figures.ts';
import { askAddress } from './analytics-ask.ts';
import { dayWords } from './chart-words.ts';
import { ExportForm } from './export-form.tsx';
import { Findings } from './findings.tsx';
import { LifeCurve } from './life-curve.tsx';
import { Trends } from './trends.tsx';
import { Vendors } from './vendors.tsx';

const byWords = { vendor: 'Vendor', connection: 'Connection', currency: 'Currency' };

/** What closed account-days tell about vendors and what clicks cost. */
export function AnalyticsScreen({ view, mayExport }: { view: AnalyticsView; mayExport: boolean }) {
  return (
    <article className="analytics">
      <div className="page-head">
        <h1>Analytics</h1>
        <div className="page-head__end">
          <Switches view={view} />
          {mayExport && view.closedUntil !== null && (
            <ExportForm
              from={addDays(view.closedUntil, -29)}
              to={view.closedUntil}
              vendors={view.vendors.map(({ vendor }) => vendor).sort()}
            />
          )}
        </div>
      </div>
      <Basis view={view} />
      {view.closedUntil !== null && <Findings findings={view.findings} compared={view.compared} />}
      <Trends trends={view.trends} />
      {view.vendors.length > 0 && (
        <>
          <Vendors vendors={view.vendors} days={view.ask.days} />
          <LifeCurve vendors={view.vendors} />
        </>
      )}
    </article>
  );
}

function Switches({ view: { ask } }: { view: AnalyticsView }) {
  return (
    <>
      <nav className="seg" aria-label="Group by">
        {groupings.map((by) => (
          <a
            key={by}
            className="btn"
            href={askAddress(ask, { by })}
            data-soft
            aria-current={by === ask.by ? 'true' : undefined}
          >
            {byWords[by]}
          </a>
        ))}
      </nav>
      <nav className="seg" aria-label="Period">
        {periods.map((days) => (
          <a
            key={days}
            className="btn"
            href={askAddress(ask, { days })}
            data-soft
            aria-current={days === ask.days ? 'true' : undefined}
          >
            {days} d
          </a>
        ))}
      </nav>
    </>
  );
}

/** What all figures of the page stand on, or why there are none. */
function Basis({ view }: { view: AnalyticsView }) {
  const { accounts, closedFrom, closedUntil, closedDays, unconfirmedDays } = view;
  if (accounts === 0 && closedUntil === null)
    return (
      <div className="empty">
        <h2>No account yet</h2>
        <p>
          Connect a Business Manager on the server. The past 90 days of its accounts are read in the first
          hour.
        </p>
      </div>
    );
  if (closedFrom === null || closedUntil === null)
    return (
      <div className="empty">
        <h2>No closed account-day yet</h2>
        <p>
          {count(accounts)} {accounts === 1 ? 'account is' : 'accounts are'} read. Figures appear here as soon
          as the past days have been read from Meta, within the first hour, and each day anew when it ends in
          the account’s own time zone.
        </p>
      </div>
    );
  return (
    <p className="muted">
      {count(closedDays)} closed account-days, {dayWords(closedFrom)} to {dayWords(closedUntil)}, each in its
      account’s own time zone. Days that are not over stand on a shaded ground and count in no figure.
      {unconfirmedDays > 0 &&
        ` ${count(unconfirmedDays)} of them have not been read again since they ended and may still change.`}
    </p>
  );
}
