/** Prints a document with every state of a card, drawn on the server as the product draws it. A program of its own: the tests run under another build of React. */
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { shareStyles } from '../../src/server/styles.ts';
import { AccountCard } from '../../src/ui/account-card/account-card.tsx';
import { isStale } from '../../src/ui/account-card/look.ts';
import { everyCard, fixtureBoard, fixtureNow } from '../../src/ui/board/board.fixture.ts';
import { Sprite } from '../../src/ui/kit/sprite.tsx';
import { Toasts } from '../../src/ui/kit/toasts.tsx';
import { ClockProvider, useNewClock } from '../../src/ui/live/clock.tsx';
import { startMoment } from '../../src/ui/live/moment.ts';

function Board({ children }: { children: ReactNode }) {
  const clock = useNewClock(fixtureNow);
  return (
    <ClockProvider clock={clock}>
      <Toasts>
        <main className="content">
          <div className="grid">{children}</div>
        </main>
      </Toasts>
    </ClockProvider>
  );
}

shareStyles();
const readStyles = (globalThis as { [name: symbol]: ((set: string) => string) | undefined })[
  Symbol.for('arbhub.styles')
];
const board = fixtureBoard();
const moment = startMoment(fixtureNow);
const cards = everyCard.map((card) => (
  <AccountCard
    key={card.accountId}
    card={card}
    isStale={isStale(card, moment, board)}
    isMarkedSimulated={false}
  />
));
const body = renderToStaticMarkup(
  <>
    <Sprite />
    {createElement(Board, null, cards)}
  </>,
);
process.stdout.write(
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>Cards</title><style>${readStyles?.('house') ?? ''}</style></head><body>${body}</body></html>`,
);
