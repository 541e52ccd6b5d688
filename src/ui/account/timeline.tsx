import {
  type AccountAsk,
  type TimelineItem,
  type TimelineKind,
  timelineKinds,
} from '../../contract/account-page.ts';
import { FilterSelect } from '../alerts/filter-select.tsx';
import { Icon } from '../kit/icon.tsx';
import { clockTime, fullStamp, monthDay } from '../kit/times.ts';
import { pageAddress } from './page-address.ts';
import { entryWords, kindWords } from './timeline-words.ts';

interface TimelineProps {
  accountId: string;
  ask: AccountAsk;
  items: readonly TimelineItem[];
  olderThan: string | null;
  currency: string;
  zone: string;
}

/** What happened to the account, newest first. */
export function Timeline({ accountId, ask, items, olderThan, currency, zone }: TimelineProps) {
  return (
    <section className="panel" aria-labelledby="timeline-title">
      <div className="panel__head">
        <h2 id="timeline-title">Timeline</h2>
        <form className="end" action={`/accounts/${accountId}`}>
          {ask.range !== '7d' && <input type="hidden" name="range" value={ask.range} />}
          <FilterSelect
            name="kind"
            label="Kind"
            value={ask.kind}
            all="All kinds"
            options={timelineKinds.map((kind: TimelineKind) => ({ value: kind, words: kindWords[kind] }))}
          />
        </form>
      </div>
      {items.length === 0 ? (
        <p className="panel__body muted">
          {ask.kind === null
            ? 'Nothing is written down of this account.'
            : 'Nothing of this kind is written down.'}
        </p>
      ) : (
        <ol className="timeline">
          {items.map((item) => (
            <Entry key={`${item.source} ${item.id}`} item={item} currency={currency} zone={zone} />
          ))}
        </ol>
      )}
      {(olderThan !== null || ask.before !== null) && (
        <p className="timeline__more btns">
          {ask.before !== null && (
            <a className="btn" href={pageAddress(accountId, { ...ask, before: null })} data-soft="">
              Back to the newest
            </a>
          )}
          {olderThan !== null && (
            <a className="btn" href={pageAddress(accountId, { ...ask, before: olderThan })} data-soft="">
              Show older
            </a>
          )}
        </p>
      )}
    </section>
  );
}

function Entry({ item, currency, zone }: { item: TimelineItem; currency: string; zone: string }) {
  const { icon, tone, lead, title, notes } = entryWords(item, currency);
  return (
    <li data-tone={tone}>
      <Icon name={icon} />
      <span>
        {lead !== null && <b>{lead}: </b>}
        {item.source === 'alert' ? <a href={`/alerts?state=all&alert=${item.id}`}>{title}</a> : title}
      </span>
      <time dateTime={new Date(item.at).toISOString()} title={fullStamp(item.at, zone)}>
        {monthDay(item.at, zone)}, {clockTime(item.at, zone)}
      </time>
      {item.source === 'note' && <p className="timeline__note">{item.words}</p>}
      {notes.length > 0 && <span className="muted">{notes.join(' · ')}</span>}
    </li>
  );
}
