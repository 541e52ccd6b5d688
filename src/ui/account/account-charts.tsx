'use client';

import type { KeyboardEvent } from 'react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type AccountHistory, historyRanges, type HistoryRange } from '../../contract/account-history.ts';
import { knownZone } from '../kit/times.ts';
import { chartData } from './chart-data.ts';
import { ChartPanel } from './chart-panel.tsx';
import { chartSpecs } from './chart-specs.ts';
import { numberedEvents } from './event-words.ts';
import { type HistoryState, useHistory } from './use-history.ts';
import { movedTo, pointBeside, type Zoom, zoomed } from './zoom.ts';

interface ChartsProps {
  accountId: string;
  range: HistoryRange;
  /** The addresses of the page by range. */
  addresses: Readonly<Record<HistoryRange, string>>;
  /** When the page around was read, epoch ms; the charts follow it. */
  asOf: number;
}

const rangeWords: Readonly<Record<HistoryRange, string>> = {
  '24h': '24 h',
  '7d': '7 d',
  '30d': '30 d',
  '90d': '90 d',
};

/** The charts of an account over one range: one axis, one crosshair and one zoom for all of them. */
export function AccountCharts(props: ChartsProps) {
  const { retry, ...answer } = useHistory(props.accountId, props.range, props.asOf);
  return (
    <>
      <p id="chart-keys" className="vh">
        Arrow keys move the crosshair, Home and End go to the ends, plus and minus zoom, zero shows all.
      </p>
      {answer.state === 'ready' ? (
        <Charts key={props.range} {...props} history={answer.history} Plot={answer.plot} />
      ) : (
        <section className="panel" aria-labelledby="charts-title">
          <div className="panel__head">
            <h2 id="charts-title">Charts</h2>
            <span className="end">
              <Ranges {...props} />
            </span>
          </div>
          <div className="panel__body">
            {answer.state === 'failed' ? (
              <div role="alert" className="chart-failed">
                <p>The charts could not be loaded. {answer.problem}</p>
                <button type="button" className="btn" onClick={retry}>
                  Try again
                </button>
              </div>
            ) : (
              <div role="status">
                <span className="vh">Loading the charts</span>
                <div className="bone chart-bone" />
              </div>
            )}
          </div>
        </section>
      )}
    </>
  );
}

function Ranges({ range, addresses }: Pick<ChartsProps, 'range' | 'addresses'>) {
  return (
    <span className="seg" role="group" aria-label="Range">
      {historyRanges.map((one) => (
        <a
          key={one}
          className="btn"
          href={addresses[one]}
          data-soft=""
          aria-current={one === range ? 'true' : undefined}
        >
          {rangeWords[one]}
        </a>
      ))}
    </span>
  );
}

type ReadyProps = ChartsProps & {
  history: AccountHistory;
  Plot: NonNullable<HistoryState['plot']>;
};

function Charts({ history, Plot, ...props }: ReadyProps) {
  const zone = knownZone(history.timezone);
  const data = useMemo(() => chartData(history), [history]);
  const { events, unnumbered } = useMemo(() => numberedEvents(history), [history]);
  const whole = useMemo<Zoom>(() => [history.from, history.to], [history]);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  // The first chart is what is looked at; the others come as soon as it stands.
  const [isWhole, setIsWhole] = useState(false);
  useEffect(() => {
    const turn = setTimeout(() => setIsWhole(true));
    return () => clearTimeout(turn);
  }, []);
  const view = zoom ?? whole;
  const onZoom = useCallback((wanted: Zoom | null) => setZoom(wanted), []);
  const onPlace = useCallback((wanted: number | null) => setPlace(wanted), []);

  const scale = (factor: number) => {
    const at = place === null ? (view[0] + view[1]) / 2 : (data.x[place] ?? view[1]);
    setZoom(zoomed(view, whole, factor, Math.min(Math.max(at, view[0]), view[1])));
  };
  const step = (wanted: number | null) => {
    if (wanted === null) return;
    setPlace(wanted);
    if (zoom !== null) setZoom(movedTo(zoom, whole, data.x[wanted] ?? zoom[1]));
  };
  const onKey = (event: KeyboardEvent) => {
    const jump = event.shiftKey ? 12 : 1;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => step(pointBeside(data.point, place, -jump)),
      ArrowRight: () => step(pointBeside(data.point, place, jump)),
      Home: () => step(pointBeside(data.point, 0, 0)),
      End: () => step(pointBeside(data.point, data.x.length, 0)),
      '+': () => scale(0.5),
      '=': () => scale(0.5),
      '-': () => scale(2),
      '0': () => setZoom(null),
    };
    const act = acts[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const tools = (
    <>
      <Ranges {...props} />
      <span className="seg" role="group" aria-label="Zoom">
        <button type="button" className="btn" aria-label="Zoom in" onClick={() => scale(0.5)}>
          +
        </button>
        <button type="button" className="btn" aria-label="Zoom out" onClick={() => scale(2)}>
          −
        </button>
        <button type="button" className="btn" onClick={() => setZoom(null)}>
          Reset<span className="vh"> zoom</span>
        </button>
      </span>
    </>
  );
  return (
    <>
      {(isWhole ? chartSpecs : chartSpecs.slice(0, 1)).map((spec, index) => (
        <ChartPanel
          key={spec.id}
          {...{ spec, history, data, events, zone, Plot, place, view, onZoom, onPlace, onKey }}
          order={index}
          tools={index === 0 ? tools : undefined}
        />
      ))}
      {unnumbered > 0 && (
        <p className="muted">{unnumbered} older changes bear no number; the timeline has them all.</p>
      )}
    </>
  );
}
