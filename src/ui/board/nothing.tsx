import type { AccountCard, Board } from '../../contract/account-card.ts';
import { age } from '../kit/times.ts';
import type { Filter } from './filter.ts';
import { isShown, noFilter } from './filter.ts';
import { filterParts } from './filter-parts.ts';

/** No account has been found yet. One way forward, said once; no zero totals. */
export function FirstRun({ board }: { board: Board }) {
  return (
    <div className="empty">
      <h2>No accounts yet</h2>
      <p>The ad accounts of each connection appear here by themselves, as soon as Meta has listed them.</p>
      <p>
        States arrive within {age(board.sweepMs)}, figures within {age(board.metricsMs)}.
      </p>
    </div>
  );
}

interface NoMatchProps {
  cards: readonly AccountCard[];
  staleIds: ReadonlySet<string>;
  filter: Filter;
  onFilter: (filter: Filter) => void;
}

/** Says what was asked, and what would match with one thing dropped. */
export function NoMatch({ cards, staleIds, filter, onFilter }: NoMatchProps) {
  const asked = filterParts(filter);
  const last = asked.at(-1);
  const matches = (wanted: Filter) =>
    cards.filter((card) => isShown(card, wanted, staleIds.has(card.accountId))).length;
  const ofVendor = filter.vendor === null ? null : matches({ ...noFilter, vendor: filter.vendor });
  const without = last === undefined || asked.length < 2 ? null : matches(last.without);
  return (
    <div className="empty">
      <h2>No account matches</h2>
      <p className="btns">
        {asked.map(({ words }) => (
          <span key={words} className="chip">
            {words}
          </span>
        ))}
      </p>
      {last !== undefined && without !== null && (
        <p>
          {without === 0
            ? `Without ${last.words} there is none either.`
            : `Without ${last.words} there ${without === 1 ? 'is 1' : `are ${without}`}.`}
          {ofVendor !== null && ` All of ${filter.vendor}: ${ofVendor}.`}
        </p>
      )}
      <p className="btns">
        {last !== undefined && without !== null && (
          <button type="button" className="btn btn--primary" onClick={() => onFilter(last.without)}>
            Drop {last.words}
          </button>
        )}
        <button type="button" className="btn" onClick={() => onFilter(noFilter)}>
          Clear filters
        </button>
      </p>
    </div>
  );
}
