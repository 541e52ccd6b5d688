import type { Replay } from '../../contract/account-page.ts';
import { disableReasonWords } from '../../domain/status.ts';
import { money } from '../kit/figures.ts';
import { clockTime, monthDay, stamp, zoneName } from '../kit/times.ts';
import { stepWords } from './event-words.ts';
import { ReplayLanes } from './replay-lanes.tsx';
import { findings, shortAccount, tieWords } from './replay-words.ts';
import { stateWords } from './state-words.ts';
import { TableToggle } from './table-toggle.tsx';

interface ReplayProps {
  replay: Replay;
  currency: string;
  zone: string;
  disableReason: number | null;
}

/** The three days before an account went down, on one screen. */
export function ReplayPanel({ replay, currency, zone, disableReason }: ReplayProps) {
  const end = replay.state === 'suspended' ? 'suspended' : replay.state;
  const found = findings(replay, currency);
  const reason = disableReasonWords(disableReason);
  const watched = Math.max(replay.from, replay.watchedFrom);
  return (
    <TableToggle
      title={`Replay: the 72 hours before ${replay.state === 'suspended' ? 'the ban' : 'the closing'}`}
      note={`${stamp(replay.from, zone)} to ${stamp(replay.diedAt, zone)} ${zoneName(replay.diedAt, zone)}`}
      lead={
        <>
          {found.length > 0 ? (
            <ul className="findings">
              {found.map(({ when, text }) => (
                <li key={`${when} ${text}`}>
                  <b>{when}:</b> {text}.
                </li>
              ))}
            </ul>
          ) : (
            <p>
              Nothing that ArbHub knows of came before it{reason !== null && `; Meta’s reason: ${reason}`}.
            </p>
          )}
          {watched > replay.from && (
            <p className="muted">
              {watched >= replay.diedAt
                ? 'The account was found like this: its state was not watched before.'
                : `Its state was watched from ${stamp(watched, zone)} on.`}
            </p>
          )}
        </>
      }
      drawing={<ReplayLanes replay={replay} currency={currency} end={end} />}
      table={<ReplayTable replay={replay} currency={currency} zone={zone} />}
    />
  );
}

/** Everything that the lanes show, in one list, oldest first. */
function ReplayTable({ replay, currency, zone }: Omit<ReplayProps, 'disableReason'>) {
  const { spans, hours, limits, rejected, payments, siblings } = replay;
  const rows = [
    ...spans.map((span) => ({ at: span.from, lane: 'State', words: stateWords(span) })),
    ...hours.map(({ at, spendMinor }) => ({
      ...{ at, lane: 'Spend per hour' },
      words: spendMinor === null ? '— not read' : money(spendMinor, currency),
    })),
    ...limits.map(({ at, minor, source }, place) => {
      const before = limits[place - 1];
      const nothing = source === 'unlimited' ? 'no limit' : 'not known';
      const now = minor === null ? nothing : money(minor, currency);
      const words = before === undefined ? now : stepWords(before.minor, minor, currency, nothing);
      return { at, lane: 'Daily limit', words };
    }),
    ...rejected.map(({ at, ads }) => ({ at, lane: 'Ads rejected', words: String(ads) })),
    ...payments.map(({ at, words }) => ({ at, lane: 'Payment', words })),
    ...siblings.map(({ at, accountId, tie }) => ({
      ...{ at, lane: 'Siblings' },
      words: `${shortAccount(accountId)} suspended, ${tieWords[tie]}`,
    })),
  ].sort((a, b) => a.at - b.at);
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label="Replay, table">
      <table className="mini">
        <caption className="vh">The 72 hours before, oldest first</caption>
        <thead>
          <tr>
            <th scope="col">Time, {zoneName(replay.diedAt, zone)}</th>
            <th scope="col">Lane</th>
            <th scope="col">What</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, lane, words }, place) => (
            <tr key={`${at} ${lane} ${place}`}>
              <th scope="row">
                {monthDay(at, zone)}, {clockTime(at, zone)}
              </th>
              <td>{lane}</td>
              <td>{words}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
