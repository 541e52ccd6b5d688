import type { ReactNode } from 'react';
import type { Replay } from '../../contract/account-page.ts';
import { limitMoney, money } from '../kit/figures.ts';
import { shortAccount } from './replay-words.ts';
import { bandLook, stateWords } from './state-words.ts';

const hourMs = 3_600_000;
const height = 34;
/** Lanes have no room for more words than this. */
const mostLabels = 3;

interface LaneProps {
  name: string;
  note: string;
  /** What it shows, for whoever does not see it; null where there is nothing to show. */
  story: string | null;
  /** Why there is nothing to show. */
  nothing: string;
  children: ReactNode;
}

function Lane({ name, note, story, nothing, children }: LaneProps) {
  return (
    <>
      <p className="replay__name">
        <b>{name}</b>
        <span>{note}</span>
      </p>
      {story === null ? (
        <p className="replay__nothing">{nothing}</p>
      ) : (
        <svg role="img" aria-label={story}>
          {children}
          <line className="r-now" x1="100%" x2="100%" y2={height} />
        </svg>
      )}
    </>
  );
}

/** What is known of the three days before the end, one lane for each kind of thing, on one axis. */
export function ReplayLanes({ replay, currency, end }: { replay: Replay; currency: string; end: string }) {
  const { from, diedAt, spans, hours, limits, rejected, payments, siblings } = replay;
  const whole = diedAt - from;
  const share = (at: number) => Math.min(100, Math.max(0, ((at - from) / whole) * 100));
  const x = (at: number) => `${share(at).toFixed(2)}%`;
  const wide = (start: number, stop: number) => `${(share(stop) - share(start)).toFixed(2)}%`;
  const log = replay.logFrom === null ? 'Meta’s log was not read' : 'nothing in Meta’s log';
  const known = hours.flatMap(({ spendMinor }) => spendMinor ?? []);
  const most = Math.max(0, ...known);
  const amounts = limits.flatMap(({ minor }) => minor ?? []);
  const [low, high] = [Math.min(...amounts), Math.max(...amounts)];
  const short = (minor: number) => limitMoney(minor, currency).text;
  return (
    <div className="replay">
      <Lane
        name="State"
        note="Meta’s code"
        story={spans.length === 0 ? null : spans.map(stateWords).join(', then ')}
        nothing="not watched in this time"
      >
        {spans.map((span) => (
          <g key={span.from}>
            <rect
              className={span.state === 'active' ? 'r-active' : `band-${bandLook(span)}`}
              x={x(span.from)}
              width={wide(span.from, span.to)}
              y={span.state === 'active' ? 11 : 7}
              height={span.state === 'active' ? 12 : 20}
            />
            {span.state !== 'active' && share(span.to) - share(span.from) > 12 && (
              <text className="desk-only" x={x(span.from)} dx="6" y="21">
                {stateWords(span)}
              </text>
            )}
          </g>
        ))}
      </Lane>
      <Lane
        name="Spend per hour"
        note={known.length === 0 ? '' : `${short(0)} to ${short(most)}`}
        story={
          known.length === 0
            ? null
            : `Spend per hour, at most ${money(most, currency)}; ${unreadHours(hours)}`
        }
        nothing="not read in this time"
      >
        {hours.map(({ at, spendMinor }) =>
          spendMinor === null ? (
            <rect key={at} className="bar__hatch" x={x(at)} width={wide(at, at + hourMs)} y="4" height="28" />
          ) : (
            <rect
              key={at}
              className="r-bar"
              x={x(at)}
              width="1%"
              y={32 - bar(spendMinor, most)}
              height={bar(spendMinor, most)}
            />
          ),
        )}
      </Lane>
      <Lane
        name="Daily limit"
        note={amounts.length === 0 ? '' : low === high ? short(low) : `${short(low)} to ${short(high)}`}
        story={
          amounts.length === 0
            ? null
            : limits.map(({ minor }) => (minor === null ? 'no limit known' : short(minor))).join(', then ')
        }
        nothing={limits.some(({ source }) => source === 'unlimited') ? 'no limit' : 'not known in this time'}
      >
        {limits.map(({ at, minor }, place) => {
          const stop = limits[place + 1]?.at ?? diedAt;
          if (minor === null) return null;
          const y = low === high ? 17 : 28 - ((minor - low) / (high - low)) * 20;
          return (
            <g key={at}>
              <line className="r-line" x1={x(at)} x2={x(stop)} y1={y} y2={y} />
              {(limits[place - 1]?.minor ?? null) !== null && (
                <text
                  className="desk-only"
                  x={x(at)}
                  dx={share(at) > 85 ? -4 : 4}
                  y={y > 17 ? y - 5 : y + 13}
                  textAnchor={share(at) > 85 ? 'end' : 'start'}
                >
                  {short(minor)}
                </text>
              )}
            </g>
          );
        })}
      </Lane>
      <Lane
        name="Ads rejected"
        note="count"
        story={
          rejected.length === 0 ? null : `${rejected.reduce((sum, { ads }) => sum + ads, 0)} ads rejected`
        }
        nothing={log}
      >
        {rejected.map(({ at, ads }, place) => (
          <g key={`${at} ${place}`}>
            <rect className="r-stopped" x={x(at)} y="6" width="6" height="26" />
            <Label at={share(at)} text={`${ads} rejected`} isShown={rejected.length - place <= mostLabels} />
          </g>
        ))}
      </Lane>
      <Lane
        name="Payment"
        note="charges"
        story={payments.length === 0 ? null : payments.map(({ words }) => words).join(', ')}
        nothing={log}
      >
        {payments.map(({ at, isFailed, words }, place) => (
          <g key={`${at} ${place}`}>
            <svg x={x(at)} y="11" overflow="visible">
              {isFailed ? (
                <path className="r-warning" d="M0-2 8 13H-8z" />
              ) : (
                <circle className="r-active" cy="6" r="5" />
              )}
            </svg>
            <Label at={share(at)} text={words} isShown={payments.length - place <= mostLabels} />
          </g>
        ))}
      </Lane>
      <Lane
        name="Siblings"
        note="suspended"
        story={
          siblings.length === 0
            ? null
            : `${siblings.length} suspended: ${siblings.map(({ accountId }) => shortAccount(accountId)).join(', ')}`
        }
        nothing="none of the same Business Manager, vendor or connection died"
      >
        {siblings.map(({ at, accountId }, place) => (
          <g key={accountId}>
            <svg x={x(at)} y="10" overflow="visible">
              <use className="r-suspended" href="#i-suspended" x="-7" width="14" height="14" />
            </svg>
            <Label at={share(at)} text={shortAccount(accountId)} isShown={place < mostLabels} />
          </g>
        ))}
      </Lane>
      <span />
      <svg aria-hidden="true" className="replay__axis">
        <text x="0" y="20">
          −72 h
        </text>
        <text x="33.3%" y="20" textAnchor="middle">
          −48 h
        </text>
        <text x="66.6%" y="20" textAnchor="middle" className="desk-only">
          −24 h
        </text>
        <text x="100%" y="20" textAnchor="end">
          {end.toUpperCase()}
        </text>
      </svg>
    </div>
  );
}

/** Beside its mark, on the side where there is room. */
function Label({ at, text, isShown }: { at: number; text: string; isShown: boolean }) {
  if (!isShown) return null;
  const isLate = at > 60;
  return (
    <text
      className="desk-only"
      x={`${at.toFixed(2)}%`}
      dx={isLate ? -12 : 12}
      y="21"
      textAnchor={isLate ? 'end' : 'start'}
    >
      {text}
    </text>
  );
}

const bar = (minor: number, most: number) =>
  Math.max(minor > 0 ? 2 : 0.5, most === 0 ? 0 : (minor / most) * 24);

function unreadHours(hours: Replay['hours']): string {
  const count = hours.filter(({ spendMinor }) => spendMinor === null).length;
  return count === 0 ? 'every hour was read' : `${count} hours were not read`;
}
