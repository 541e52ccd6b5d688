import type { AlertAsk, AlertScreenView } from '../../contract/alert-view.ts';
import { alertTitle } from '../../domain/alert-words.ts';
import { Ago } from '../live/instants.tsx';
import { askAddress } from './alert-ask.ts';

const heads = {
  open: 'Nothing is open',
  acknowledged: 'Nothing is acknowledged and still open',
  resolved: 'Nothing has ended yet',
  all: 'No alerts yet',
} as const;

/** An empty list: what that means, and the one way on. */
export function NoAlerts({ view, ask }: { view: AlertScreenView; ask: AlertAsk }) {
  const asked = [ask.kind === null ? null : `“${alertTitle(ask.kind)}”`, ask.vendor].filter(
    (words) => words !== null,
  );
  if (asked.length > 0)
    return (
      <div className="empty">
        <h2>No alert matches</h2>
        <p>There is none for {asked.join(' and ')} here.</p>
        <p className="btns">
          <a
            className="btn btn--primary"
            href={askAddress(ask, { kind: null, vendor: null, chosen: null })}
            data-soft
          >
            Clear filters
          </a>
          {ask.tab !== 'all' && (
            <a className="btn" href={askAddress(ask, { tab: 'all', chosen: null })} data-soft>
              Look in all alerts
            </a>
          )}
        </p>
      </div>
    );
  return (
    <div className="empty">
      <h2>{heads[ask.tab]}</h2>
      {ask.tab === 'open' && (
        <p>
          {view.checkedAt === null ? (
            'The accounts have not been checked yet.'
          ) : (
            <>
              All {view.accountCount} accounts were checked <Ago at={view.checkedAt} /> ago.
            </>
          )}{' '}
          {view.counts.acknowledged > 0 && 'What somebody takes care of stands under Acknowledged.'}
        </p>
      )}
      {ask.tab !== 'all' && (
        <p className="btns">
          <a className="btn" href={askAddress(ask, { tab: 'all', chosen: null })} data-soft>
            Show all alerts
          </a>
        </p>
      )}
    </div>
  );
}
