'use client';

import type { ReactNode } from 'react';
import type { AccountPageView } from '../../contract/account-page.ts';
import { deriveProgressPercent, derivePace } from '../../domain/pace.ts';
import * as figures from '../account-card/card-figures.ts';
import { DeltaMark, Figure } from '../account-card/figure.tsx';
import { isDead, isStale, lookOf } from '../account-card/look.ts';
import { Bar, SpendLine } from '../account-card/spend-line.tsx';
import { clickCost, count, money, percent } from '../kit/figures.ts';
import { clockTime, knownZone, zoneName } from '../kit/times.ts';
import { useClock, useMoment } from '../live/clock.tsx';
import { capWords, fundsEnd, life, outboundCost } from './facts-view.ts';

/** The figures of the account in one strip: exact, with what they are measured against. */
export function AccountFacts({ view }: { view: AccountPageView }) {
  const { card, day } = view;
  const look = lookOf(card);
  const dead = isDead(look);
  const stale = useMoment((moment) => isStale(card, moment, view), useClock());
  const price = figures.clickPrice(
    dead ? { ...card, cpc: day?.cpc ?? null, cpcChangePercent: day?.cpcChangePercent ?? null } : card,
  );
  const limit = figures.limitTrend(card);
  const ads = figures.ads(card);
  const lived = life(view);
  return (
    <dl className="panel facts" data-stale={stale || look === 'lost' || undefined}>
      <Fact name={dead ? 'Final spend of daily limit' : 'Spend of daily limit'} isWide>
        {dead ? <FinalSpend view={view} /> : <SpendLine card={card} look={look} isStale={stale} />}
      </Fact>
      <Fact name="Daily limit, 7 days" notes={[limit.note]}>
        <Figure words={limit.words} /> <DeltaMark delta={limit.delta} />
      </Fact>
      <Fact name="Funds left" notes={[capWords(view), dead ? null : fundsEnd(view)]}>
        <Figure words={inFull(figures.fundsLeft(card))} />
      </Fact>
      <Fact name="Due" notes={['owed to Meta']}>
        <Figure words={inFull(figures.balanceDue(card))} />
      </Fact>
      <Fact
        name={dead ? 'CPC, last day' : 'CPC today'}
        notes={[view.weekCpc === null ? null : `7 days before: ${clickCost(view.weekCpc, card.currency)}`]}
      >
        <Figure words={price.words} /> <DeltaMark delta={price.delta} />
      </Fact>
      <Fact name="Cost per outbound click" notes={[dead ? 'last day' : 'today']}>
        <Figure words={outboundCost(view)} />
      </Fact>
      <Fact
        name={dead ? 'Lifetime clicks' : 'Clicks today'}
        notes={[
          day === null ? null : `${count(day.outboundClicks)} outbound${dead ? ' on its last day' : ''}`,
        ]}
      >
        <Figure words={figures.clicks(dead ? card.lifetimeClicks : (day?.clicks ?? null))} />
      </Fact>
      <Fact name="Active ads" notes={[]}>
        <Figure words={ads.words} />
        {ads.total !== null && <span className="muted"> / {ads.total}</span>}
      </Fact>
      <Fact name="Life" notes={[lived.note]}>
        {lived.words}
      </Fact>
    </dl>
  );
}

function Fact(props: {
  name: string;
  isWide?: boolean;
  notes?: readonly (string | null)[];
  children: ReactNode;
}) {
  return (
    <div className={props.isWide ? 'facts__wide' : undefined}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
      {props.notes?.map((note) =>
        note === null ? null : (
          <dd key={note} className="facts__note" suppressHydrationWarning>
            {note}
          </dd>
        ),
      )}
    </div>
  );
}

/** There is room for the exact figure. */
function inFull(words: figures.Words): figures.Words {
  if (words.kind !== 'figure' || words.figure.exact === null) return words;
  return { kind: 'figure', figure: { text: words.figure.exact, exact: null } };
}

/** What was spent when it died, of what, and how that stood to its day. */
function FinalSpend({ view }: { view: AccountPageView }) {
  const { card } = view;
  const zone = knownZone(card.timezone);
  const limit = { minor: card.dailyLimitMinor, source: card.dailyLimitSource };
  const progress = deriveProgressPercent(card.spendMinor, limit);
  const pace = card.stateSince === null ? null : derivePace(card.spendMinor, limit, card.stateSince, zone);
  const share = pace?.expectedShare ?? null;
  const frozen =
    card.stateSince === null
      ? 'frozen; when is not known'
      : `frozen at ${clockTime(card.stateSince, zone)} ${zoneName(card.stateSince, zone)}`;
  const kind = limit.source === 'unlimited' ? 'open' : limit.minor === null ? 'hatched' : 'limited';
  const of =
    limit.source === 'unlimited'
      ? 'no daily limit'
      : limit.minor === null
        ? '— limit unknown'
        : money(limit.minor, card.currency);
  const word = pace === null || card.spendMinor === null ? null : pace.word;
  return (
    <div className="spend" data-pace={word?.toLowerCase().replace(' ', '-') ?? 'limit-unknown'}>
      <p>
        {card.spendMinor === null ? '— not known' : money(card.spendMinor, card.currency)}{' '}
        <span className="muted">
          / {of}
          {progress !== null && ` (${percent(progress)})`}
        </span>
      </p>
      <Bar
        bar={{
          ...{ kind, spent: Math.min(100, progress ?? 0), projected: null },
          expected: share === null ? null : Math.round(share * 1000) / 10,
          isFull: word === 'LIMIT REACHED',
        }}
      />
      <p className="facts__note" suppressHydrationWarning>
        {frozen}
        {word !== null && `; was ${word}`}
        {share !== null && `, expected ${Math.round(share * 100)}% by then`}
      </p>
    </div>
  );
}
