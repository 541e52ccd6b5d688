'use client';

import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { SavedView } from '../../contract/board-view.ts';
import type { ScenarioKind } from '../../contract/simulation.ts';
import { Frame } from '../house/frame.tsx';
import { useNewClock } from '../live/clock.tsx';
import { useLiveBoard } from '../live/use-live-board.ts';
import type { Ask } from './ask.ts';
import { noAsk } from './ask.ts';
import { BoardKeys, KeysButton } from './board-keys.tsx';
import { CardGrid } from './card-grid.tsx';
import { choicesOf } from './choices.ts';
import { FilterChips } from './filter-chips.tsx';
import { FilterSelects } from './filter-selects.tsx';
import { toggleState } from './filter.ts';
import { FirstRun, NoMatch } from './nothing.tsx';
import { OfflineNotice, StaleNotice } from './notices.tsx';
import type { OwnBoard, OwnBoardActions } from './own-board.ts';
import type { PackedBoard } from './packed-board.ts';
import { unpackBoard } from './packed-board.ts';
import { Rail } from './rail.tsx';
import { SaveView } from './save-view.tsx';
import { builtInViews, isOpen, openView, searchToSave } from './saved-view.ts';
import { SeverityStrip } from './severity-strip.tsx';
import type { Simulation } from './simulation-bar.tsx';
import { TableBones } from './table-bones.tsx';
import { countTiles } from './tile.ts';
import { Topbar } from './topbar.tsx';
import { TotalsLine, VendorLine } from './totals-line.tsx';
import { sumSpend } from './totals.ts';
import { UpdateOrder } from './update-order.tsx';
import { useAsk } from './use-ask.ts';
import { useOwnBoard } from './use-own-board.ts';
import { useShown, useStaleIds, useViewCounts } from './use-shown.ts';
import { countVendors } from './vendors.ts';
import { ViewSelect } from './view-list.tsx';
import type { ViewerProps } from './viewer.tsx';
import { WaveNotice } from './wave-notice.tsx';

const ConvertedSum = lazy(async () => ({ default: (await import('./converted-sum.tsx')).ConvertedSum }));
const AccountTable = lazy(async () => ({
  default: (await import('./table/account-table.tsx')).AccountTable,
}));

export interface LiveBoardProps extends ViewerProps {
  packed: PackedBoard;
  /** The server's clock, epoch ms: both sides draw the same first picture. */
  now: number;
  ask: Ask;
  own: OwnBoard;
  actions: OwnBoardActions;
  openAlerts: number;
  /** Null while no simulated account is in view. */
  simulation: Simulation | null;
  runScenario: (kind: ScenarioKind) => Promise<{ message: string }>;
}

/** What burns, on top; every account with the age of its figures, as cards or as a table; kept true by the live line. */
export function LiveBoard(props: LiveBoardProps) {
  const { viewer, signOut, simulation, runScenario } = props;
  const clock = useNewClock(props.now);
  const { board, openAlerts, link } = useLiveBoard(
    () => ({ board: unpackBoard(props.packed), openAlerts: props.openAlerts }),
    clock,
  );
  const [ask, setAsk] = useAsk(props.ask);
  const own = useOwnBoard(props.own, props.ask.view, props.actions);
  const { filter } = ask;
  const view = ask.view ?? own.prefs.view;
  const { cards } = board;

  // The server has it at hand and draws it in its place; a boundary would have it moved there by script, later.
  const [isTableFirst] = useState(view === 'table');
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const staleIds = useStaleIds(board, clock);
  const { order, asked, shown } = useShown(cards, staleIds, filter);
  const counts = useViewCounts(own.saved, cards, staleIds);
  const totals = useMemo(() => sumSpend(asked, board.asOf), [asked, board.asOf]);
  const tileCounts = useMemo(() => countTiles(asked, staleIds), [asked, staleIds]);
  const vendors = useMemo(() => countVendors(cards), [cards]);
  const choices = useMemo(() => choicesOf(cards), [cards]);
  // A lost access says on its own card why it is not read.
  const stale = cards.filter((card) => staleIds.has(card.accountId) && card.state !== 'access_lost');
  const isMixed = simulation !== null && cards.some((card) => !card.isSimulated);

  const suspended = cards.filter((card) => card.state === 'suspended').length;
  const title = view === 'table' ? 'Table' : 'Board';
  useEffect(() => {
    document.title = `${suspended > 0 ? `(${suspended}) ` : ''}${title} – ArbHub`;
  }, [suspended, title]);

  const nameOf = (id: string) => cards.find((card) => card.accountId === id)?.name ?? '';
  const { entered } = order;
  const announced =
    entered.length > 3
      ? `${entered.length} accounts suspended`
      : `${entered.map((id) => `${id} ${nameOf(id)}`).join(', ')} suspended`;

  const views = [...builtInViews, ...own.saved].map((entry, place) => ({
    view: entry,
    accounts: counts[place] ?? 0,
    isOpen: isOpen(entry, ask, view),
    isOwn: place >= builtInViews.length,
  }));
  const onView = (wanted: SavedView | null) =>
    setAsk(wanted === null ? { ...noAsk, view: ask.view } : openView(wanted, ask));
  const onSwitch = (wanted: typeof view) => {
    setAsk({ ...ask, view: wanted });
    own.change({ view: wanted });
    scrollTo(0, 0);
  };
  const onFilter = (wanted: typeof filter) => setAsk({ ...ask, filter: wanted });
  const saveView = <SaveView onSave={(name) => own.save({ name, search: searchToSave(ask, view) })} />;
  const converted = own.rates.size > 0 && (
    <Suspense>
      <ConvertedSum
        totals={totals}
        rates={own.rates}
        currency={own.prefs.currency}
        asOf={board.asOf}
        onCurrency={(currency) => own.change({ currency })}
      />
    </Suspense>
  );
  const keysButton = <KeysButton onOpen={setIsHelpOpen} />;
  const list =
    cards.length === 0 ? (
      <FirstRun board={board} />
    ) : shown.length === 0 ? (
      <NoMatch cards={cards} staleIds={staleIds} filter={filter} onFilter={onFilter} />
    ) : null;

  const table = (
    <AccountTable
      cards={shown}
      all={cards}
      staleIds={staleIds}
      rates={own.rates}
      order={order}
      sort={ask.sort}
      onSort={(sort) => setAsk({ ...ask, sort })}
      columns={ask.columns ?? own.prefs.columns}
      onColumns={(columns) => {
        if (ask.columns !== null) setAsk({ ...ask, columns });
        own.change({ columns: columns === null ? null : [...columns] });
      }}
      rowHeight={own.prefs.rowHeight}
      onRowHeight={(rowHeight) => own.change({ rowHeight })}
      converted={converted}
      keysButton={keysButton}
    />
  );

  return (
    <Frame
      clock={clock}
      here={view === 'table' ? 'table' : 'board'}
      openAlerts={openAlerts}
      viewer={viewer}
      simulation={simulation}
      accounts={cards.length}
      runScenario={runScenario}
    >
      <Rail
        views={views}
        onView={onView}
        onRemove={(name) => void own.remove(name)}
        vendors={vendors}
        accounts={cards.length}
        vendor={filter.vendor}
        onVendor={(vendor) => onFilter({ ...filter, vendor })}
        openAlerts={openAlerts}
        view={view}
        onSwitch={onSwitch}
        viewer={viewer}
        signOut={signOut}
      />
      <div className={view === 'table' ? 'main main--table' : 'main'}>
        <header className="head">
          <Topbar
            filter={filter}
            onFilter={onFilter}
            view={view}
            onSwitch={onSwitch}
            link={link}
            checkedAt={board.checkedAt}
            sweepMs={board.sweepMs}
            viewer={viewer}
            signOut={signOut}
          >
            <FilterSelects
              filter={filter}
              onFilter={onFilter}
              vendors={vendors}
              accounts={cards.length}
              choices={choices}
            />
            <ViewSelect views={views} onView={onView} />
          </Topbar>
          <SeverityStrip
            counts={tileCounts}
            pressed={filter.states}
            onToggle={(tile) => onFilter(toggleState(filter, tile))}
          />
        </header>
        <main className="content" id="main">
          <h1 className="vh">{title}</h1>
          <p className="vh" role="alert">
            {entered.length > 0 && announced}
          </p>
          {link.lostAt !== null && <OfflineNotice what="board" link={link} asOf={board.asOf} />}
          {link.lostAt === null && stale.length > 0 && <StaleNotice stale={stale} accounts={cards.length} />}
          <BoardKeys isOpen={isHelpOpen} onOpen={setIsHelpOpen} />
          <WaveNotice cards={cards} />
          {filter.vendor !== null && <VendorLine vendor={filter.vendor} cards={cards} />}
          <FilterChips filter={filter} onFilter={onFilter}>
            {saveView}
          </FilterChips>
          {view === 'table' && list === null ? (
            isTableFirst ? (
              table
            ) : (
              <Suspense fallback={<TableBones />}>{table}</Suspense>
            )
          ) : (
            <>
              {cards.length > 0 && view === 'cards' && (
                <TotalsLine totals={totals} converted={converted}>
                  {keysButton}
                  <UpdateOrder moved={order.moved} onUpdate={order.update} />
                </TotalsLine>
              )}
              {list ?? <CardGrid cards={shown} staleIds={staleIds} isMixed={isMixed} />}
            </>
          )}
        </main>
      </div>
    </Frame>
  );
}
