import type { AccountHistory } from '../../contract/account-history.ts';
import { clockTime, monthDay } from '../kit/times.ts';
import type { ChartSpec, Stroke } from './chart-specs.ts';
import { stretchWords } from './chart-words.ts';
import type { NumberedEvent } from './event-words.ts';
import { type BandLook, bandLook, stateWords } from './state-words.ts';

interface LegendProps {
  spec: ChartSpec;
  history: AccountHistory;
  events: readonly NumberedEvent[];
  zone: string;
}

const mostStretches = 3;

/** What the lines, the bands and the numbers mean. Bands and numbers are told in full below the first chart only. */
export function ChartLegend({ spec, history, events, zone }: LegendProps) {
  const isFull = spec.id === 'spend';
  const looks = new Map<BandLook, string>();
  for (const band of troubles(history)) looks.set(bandLook(band), stateWords(band));
  return (
    <div className="legend">
      {spec.series.map(({ name, label, stroke }) => (
        <span key={name}>
          <Sample stroke={stroke} />
          {label}
        </span>
      ))}
      {[...looks].map(([look, words]) => (
        <span key={look}>
          <svg aria-hidden="true">
            <rect className={`band-${look}`} width="20" height="10" />
            <path className="band-foot" d="M0 1h20" />
          </svg>
          {words}
          {isFull && `, ${stretches(history, look, zone)}`}
        </span>
      ))}
      {history.unread.length > 0 && (
        <span>
          <svg aria-hidden="true">
            <rect className="bar__hatch" width="20" height="10" />
          </svg>
          not read
          {isFull && `, ${some(history.unread, history.to, zone)}`}
        </span>
      )}
      {isFull &&
        events.map(({ number, words, at }) => (
          <span key={number}>
            <b className="legend__number">{number}</b>
            {words}, {monthDay(at * 1000, zone)}, {clockTime(at * 1000, zone)}
          </span>
        ))}
    </div>
  );
}

function Sample({ stroke }: { stroke: Stroke }) {
  return (
    <svg aria-hidden="true">
      <path className={`line-${stroke}`} d="M0 5h20" />
    </svg>
  );
}

const troubles = ({ states }: AccountHistory) => states.filter(({ state }) => state !== 'active');

function stretches(history: AccountHistory, look: BandLook, zone: string): string {
  return some(
    troubles(history).filter((band) => bandLook(band) === look),
    history.to,
    zone,
  );
}

/** The newest stretches, and how many more there are. */
function some(all: readonly { from: number; to: number }[], end: number, zone: string): string {
  const shown = all.slice(-mostStretches).map((stretch) => stretchWords(stretch, end, zone));
  const more = all.length - shown.length;
  return more > 0 ? `${shown.join('; ')} and ${more} times before` : shown.join('; ');
}
