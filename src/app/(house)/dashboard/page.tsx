import type { Metadata } from 'next';
import { requireActor } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { readBoard } from '../../../services/accounts/read-board.ts';
import { countOpen } from '../../../services/alerts/count-open.ts';
import { readOwnBoard } from '../../../services/views/read-own-board.ts';
import { parseAsk } from '../../../ui/board/ask.ts';
import { BoardScreen } from '../../../ui/board/board-screen.tsx';
import { keepPrefs, removeView, runScenario, saveView, signOut } from './actions.ts';

export const metadata: Metadata = { title: 'Board' };

type Asked = Promise<Record<string, string | string[] | undefined>>;

export default async function Page({ searchParams }: { searchParams: Asked }) {
  const actor = await requireActor('accounts:read');
  const deps = await house();
  const [own, board, openAlerts] = await Promise.all([
    readOwnBoard(deps, actor),
    readBoard(deps, actor),
    countOpen(deps, actor),
  ]);
  const isSimulated = board.cards.some((card) => card.isSimulated);
  const simulation = isSimulated && deps.simulation ? await deps.simulation.status() : null;
  return (
    <BoardScreen
      board={board}
      now={board.asOf}
      openAlerts={openAlerts}
      ask={parseAsk(await searchParams)}
      own={own}
      actions={{ saveView, removeView, keepPrefs }}
      viewer={{ email: actor.name, role: actor.role }}
      simulation={simulation && { speed: simulation.speed, accounts: simulation.accounts }}
      signOut={signOut}
      runScenario={runScenario}
    />
  );
}
