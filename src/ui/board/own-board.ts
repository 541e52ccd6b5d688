import type { BoardPrefs, BoardRate, SavedView } from '../../contract/board-view.ts';

/** What a reader may change of how he sees the board. A problem is a sentence for him. */
export interface OwnBoardActions {
  saveView: (view: SavedView) => Promise<ViewsAnswer>;
  removeView: (name: string) => Promise<ViewsAnswer>;
  keepPrefs: (prefs: BoardPrefs) => Promise<void>;
}

export type ViewsAnswer = { isDone: true; value: readonly SavedView[] } | { isDone: false; problem: string };

/** What of the board is the reader's own, as the page read it. */
export interface OwnBoard {
  views: readonly SavedView[];
  prefs: BoardPrefs;
  rates: readonly BoardRate[];
}
