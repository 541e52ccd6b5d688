'use client';

import { useEffect, useMemo } from 'react';
import type { ScenarioKind } from '../../contract/simulation.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import { isStale } from '../account-card/look.ts';
import { Frame } from '../house/frame.tsx';
import { useMoment, useNewClock } from '../live/clock.tsx';
import { useLiveBoard } from '../live/use-live-board.ts';
import type { Filter } from './filter.ts';
import { isAsked, isShown, toggleState } from './filter.ts';
import { FirstRun, NoMatch } from './nothing.tsx';
import { OfflineNotice, StaleNotice } from './notices.tsx';
import type { PackedBoard } from './packed-board.ts';
import { unpackBoard } from './packed-board.ts';
import { Rail } from './rail.tsx';
import { SeverityStrip } from './severity-strip.tsx';
import type { Simulation } from './simulation-bar.tsx';
import { countTiles } from './tile.ts';
import { Topbar } from './topbar.tsx';
import { TotalsLine } from './totals-line.tsx';
import { sumSpend } from './totals.ts';
import { UpdateOrder } from './update-order.tsx';
import { useFilter } from './use-filter.ts';
import { useOrder } from './use-order.ts';
import { countVendors } from './vendors.ts';
import type { ViewerProps } from './viewer.tsx';

export interface LiveBoardProps extends ViewerProps {
  packed: PackedBoard;
  /** The server's clock, epoch ms: both sides draw the same first picture. */
  now: number;
  filter: Filter;
  openAlerts: number;
  /** Null while no simulated account is in view. */
  simulation: Simulation | null;
  runScenario: (kind: ScenarioKind) => Promise<{ message: string }>;
}

/** What burns, on top; every account with the age of its figures; kept true by the live line. */
export function LiveBoard(props: LiveBoardProps) {
  const { viewer, signOut, simulation, runScenario } = props;
  const clock = useNewClock(props.now);
  const { board, openAlerts, link } = useLiveBoard(
    () => ({ board: unpackBoard(props.packed), openAlerts: props.openAlerts }),
    clock,
  );
  const [filter, setFilter] = useFilter(props.filter);
  const { cards } = board;

  const staleKey = useMoment(
    (moment) =>
      cards
        .filter((card) => isStale(card, moment, board))
        .map((card) => card.accountId)
        .join(),
    clock,
  );
  const staleIds = useMemo(() => new Set(staleKey.split(',')), [staleKey]);
  const order = useOrder(cards, staleIds);

  const byId = new Map<string, (typeof cards)[number]>(cards.map((card) => [card.accountId, card]));
  const ordered = order.ids.map((id) => byId.get(id)).filter((card) => card !== undefined);
  const shown = ordered.filter((card) => isShown(card, filter, staleIds.has(card.accountId)));
  // A lost access says on its own card why it is not read.
  const stale = cards.filter((card) => staleIds.has(card.accountId) && card.state !== 'access_lost');
  const asked = useMemo(() => cards.filter((card) => isAsked(card, filter)), [cards, filter]);
  const totals = useMemo(() => sumSpend(asked, board.asOf), [asked, board.asOf]);
  const vendors = useMemo(() => countVendors(cards), [cards]);
  const isMixed = simulation !== null && cards.some((card) => !card.isSimulated);

  const suspended = cards.filter((card) => card.state === 'suspended').length;
  useEffect(() => {
    document.title = `${suspended > 0 ? `(${suspended}) ` : ''}Board – ArbHub`;
  }, [suspended]);

  const entered = order.entered.map((id) => `${id} ${byId.get(id)?.name ?? ''}`);
  const announced =
    entered.length > 3 ? `${entered.length} accounts suspended` : `${entered.join(', ')} suspended`;

  return (
    <Frame
      clock={clock}
      here="board"
      openAlerts={openAlerts}
      viewer={viewer}
      simulation={simulation}
      accounts={cards.length}
      runScenario={runScenario}
    >
      <Rail
        vendors={vendors}
        accounts={cards.length}
        vendor={filter.vendor}
        onVendor={(vendor) => setFilter({ ...filter, vendor })}
        openAlerts={openAlerts}
        viewer={viewer}
        signOut={signOut}
      />
      <div className="main">
        <header className="head">
          <Topbar
            filter={filter}
            onFilter={setFilter}
            vendors={vendors}
            accounts={cards.length}
            link={link}
            checkedAt={board.checkedAt}
            sweepMs={board.sweepMs}
            viewer={viewer}
            signOut={signOut}
          />
          <SeverityStrip
            counts={countTiles(asked, staleIds)}
            pressed={filter.states}
            onToggle={(tile) => setFilter(toggleState(filter, tile))}
          />
        </header>
        <main className="content" id="main">
          <h1 className="vh">Board</h1>
          <p className="vh" role="alert">
            {entered.length > 0 && announced}
          </p>
          {cards.length > 0 && (
            <TotalsLine totals={totals}>
              <UpdateOrder moved={order.moved} onUpdate={order.update} />
            </TotalsLine>
          )}
          {link.lostAt !== null && <OfflineNotice what="board" link={link} asOf={board.asOf} />}
          {link.lostAt === null && stale.length > 0 && <StaleNotice stale={stale} accounts={cards.length} />}
          {cards.length === 0 ? (
            <FirstRun board={board} />
          ) : shown.length === 0 ? (
            <NoMatch cards={cards} staleIds={staleIds} filter={filter} onFilter={setFilter} />
          ) : (
            <div className="grid">
              {shown.map((card) => (
                <AccountCard
                  key={card.accountId}
                  card={card}
                  isStale={staleIds.has(card.accountId)}
                  isMarkedSimulated={isMixed}
                />
              ))}
            </div>
          )}
        </main>
      </div>
    </Frame>
  );
}
