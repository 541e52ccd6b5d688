import type { Board } from '../../contract/account-card.ts';
import type { LiveBoardProps } from './live-board.tsx';
import { LiveBoard } from './live-board.tsx';
import { packBoard } from './packed-board.ts';

export interface BoardScreenProps extends Omit<LiveBoardProps, 'packed'> {
  board: Board;
}

/** The board, for the page that has read it. */
export function BoardScreen({ board, ...props }: BoardScreenProps) {
  return <LiveBoard packed={packBoard(board)} {...props} />;
}
