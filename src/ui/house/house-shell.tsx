'use client';

import type { MouseEvent, ReactNode } from 'react';
import { useCallback } from 'react';
import type { ScenarioKind } from '../../contract/simulation.ts';
import type { Simulation } from '../board/simulation-bar.tsx';
import { SimulationBar } from '../board/simulation-bar.tsx';
import type { ViewerProps } from '../board/viewer.tsx';
import { ViewerFoot, ViewerMenu } from '../board/viewer.tsx';
import { Icon } from '../kit/icon.tsx';
import { age, clockTime } from '../kit/times.ts';
import { Toasts } from '../kit/toasts.tsx';
import { ClockProvider, Tick, useNewClock } from '../live/clock.tsx';
import { LinkBadge } from '../live/link-badge.tsx';
import { createRefetchQueue } from '../live/refetch-queue.ts';
import { useLiveLine } from '../live/use-live-line.ts';
import type { Place } from './house-nav.tsx';
import { BottomNav, HouseLinks } from './house-nav.tsx';

export interface ShellProps extends ViewerProps {
  here: Place;
  /** The server's clock when the page was read, epoch ms. */
  now: number;
  checkedAt: number | null;
  sweepMs: number;
  openAlerts: number;
  accounts: number;
  /** Null while no account is simulated. */
  simulation: Simulation | null;
  runScenario: (kind: ScenarioKind) => Promise<{ message: string }>;
  children: ReactNode;
}

interface Ways {
  /** Has the server draw the page again; has to stay the same function. */
  refresh: () => void;
  /** Goes to an address of the same screen without loading it anew. */
  go: (address: string) => void;
}

/** The frame of a page that the server draws: rail, head and line. News have the page drawn again, in place. */
export function HouseShell(props: ShellProps & Ways) {
  const { here, now, openAlerts, viewer, signOut, simulation, refresh, go } = props;
  const clock = useNewClock(now);
  const start = useCallback(() => {
    const queue = createRefetchQueue(async () => refresh());
    return {
      onNews: ({ type }: { type: 'changed' | 'alerts' }) => {
        if (type === 'alerts') queue.ask('all');
      },
      onFailing: () => queue.ask('all'),
      close: () => queue.close(),
    };
  }, [refresh]);
  const link = useLiveLine(clock, now, start);

  const onClick = (event: MouseEvent) => {
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const anchor = event.target instanceof Element ? event.target.closest('a[data-soft]') : null;
    const address = anchor?.getAttribute('href');
    if (!isPlain || !address) return;
    event.preventDefault();
    go(address);
  };

  return (
    <ClockProvider clock={clock}>
      <Toasts>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <div className="shell" data-simulated={simulation === null ? undefined : ''}>
          {simulation !== null && (
            <SimulationBar
              simulation={simulation}
              accounts={props.accounts}
              run={viewer.role === 'admin' ? props.runScenario : null}
            />
          )}
          <nav className="rail" aria-label="Main">
            <a className="brand" href="/dashboard" aria-label="ArbHub, board">
              <Icon name="brand" />
              <span className="label">ArbHub</span>
            </a>
            <HouseLinks here={here} openAlerts={openAlerts} />
            <ViewerFoot viewer={viewer} signOut={signOut} />
          </nav>
          <div className="main">
            <header className="head">
              <div className="topbar">
                <a className="brand phone-only" href="/dashboard">
                  <Icon name="brand" />
                  ArbHub
                </a>
                <div className="topbar__end">
                  <LinkBadge link={link} checkedAt={props.checkedAt} sweepMs={props.sweepMs} />
                  <ViewerMenu viewer={viewer} signOut={signOut} />
                </div>
              </div>
            </header>
            <main className="content" id="main" onClick={onClick}>
              {link.lostAt !== null && (
                <div className="notice" data-tone="blind">
                  <Icon name="offline" />
                  <p>
                    <b>
                      {link.state === 'offline' ? 'Offline. ' : 'The connection is lost. '}
                      This is the state of {clockTime(now, null)},{' '}
                      <Tick text={(moment) => `${age(moment.now - now)} ago`} />.
                    </b>{' '}
                    It catches up by itself as soon as the connection is back.
                  </p>
                </div>
              )}
              {props.children}
            </main>
          </div>
          <BottomNav here={here} openAlerts={openAlerts} />
        </div>
      </Toasts>
    </ClockProvider>
  );
}
