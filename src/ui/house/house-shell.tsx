'use client';

import type { MouseEvent, ReactNode } from 'react';
import { useCallback } from 'react';
import type { ScenarioKind } from '../../contract/simulation.ts';
import type { Simulation } from '../board/simulation-bar.tsx';
import { OfflineNotice } from '../board/notices.tsx';
import type { ViewerProps } from '../board/viewer.tsx';
import { ViewerFoot, ViewerMenu } from '../board/viewer.tsx';
import { Icon } from '../kit/icon.tsx';
import { useNewClock } from '../live/clock.tsx';
import { LinkBadge } from '../live/link-badge.tsx';
import { createRefetchQueue } from '../live/refetch-queue.ts';
import { useLiveLine } from '../live/use-live-line.ts';
import { Frame } from './frame.tsx';
import type { Place } from './house-nav.tsx';
import { HouseLinks } from './house-nav.tsx';

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
    <Frame
      clock={clock}
      here={here}
      openAlerts={openAlerts}
      viewer={viewer}
      simulation={simulation}
      accounts={props.accounts}
      runScenario={props.runScenario}
    >
      <nav className="rail" aria-label="Main">
        <a className="brand" href="/dashboard" aria-label="ArbHub, board">
          <Icon name="brand" />
          <span className="label">ArbHub</span>
        </a>
        <HouseLinks here={here} openAlerts={openAlerts} role={viewer.role} />
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
          {link.lostAt !== null && <OfflineNotice what="state" link={link} asOf={now} />}
          {props.children}
        </main>
      </div>
    </Frame>
  );
}
