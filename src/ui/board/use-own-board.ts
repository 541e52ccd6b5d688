'use client';

import { useEffect, useMemo, useState } from 'react';
import type { BoardView } from '../../contract/board-choices.ts';
import type { BoardPrefs, SavedView } from '../../contract/board-view.ts';
import type { Rates } from '../../domain/exchange.ts';
import type { OwnBoard, OwnBoardActions, ViewsAnswer } from './own-board.ts';

const lost: ViewsAnswer = { isDone: false, problem: 'This did not reach the server. Try again.' };

/** What of the board is the reader's own. What he used last is kept for the next time; it is no fault when it cannot be. */
export function useOwnBoard(own: OwnBoard, asked: BoardView | null, actions: OwnBoardActions) {
  const [prefs, setPrefs] = useState(own.prefs);
  const [saved, setSaved] = useState(own.views);
  const [first] = useState({ prefs: own.prefs, asked });
  // Not by the rules' own function: they come with the sum that is converted, and most boards have none.
  const rates: Rates = useMemo(() => new Map(own.rates.map((rate) => [rate.currency, rate])), [own.rates]);
  const { keepPrefs } = actions;

  // Whoever came by the way to the table has used the table.
  useEffect(() => {
    if (first.asked === null || first.asked === first.prefs.view) return;
    keepPrefs({ ...first.prefs, view: first.asked }).catch(() => {});
  }, [first, keepPrefs]);

  const take = async (answer: Promise<ViewsAnswer>): Promise<string | null> => {
    const told = await answer.catch(() => lost);
    if (!told.isDone) return told.problem;
    setSaved(told.value);
    return null;
  };
  return {
    prefs,
    rates,
    saved,
    change(next: Partial<BoardPrefs>) {
      const changed = { ...prefs, ...next };
      setPrefs(changed);
      keepPrefs(changed).catch(() => {});
    },
    /** Both answer what went wrong, or null. */
    save: (view: SavedView) => take(actions.saveView(view)),
    remove: (name: string) => take(actions.removeView(name)),
  };
}
