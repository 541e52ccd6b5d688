import type { AccountCard } from '../../contract/account-card.ts';
import { derivePace, type Pace } from '../../domain/pace.ts';
import type { Look } from '../account-card/look.ts';
import { lookOf } from '../account-card/look.ts';
import { knownZone } from '../kit/times.ts';

/** What searching and counting ask of each card again and again; worked out once per read of it. */
interface CardFacts {
  look: Look;
  /** Everything that words are looked for in, lower case. */
  text: string;
  /** How today ran at the moment of the figures; null before the first read. */
  pace: Pace | null;
}

const known = new WeakMap<AccountCard, CardFacts>();

export function factsOf(card: AccountCard): CardFacts {
  let facts = known.get(card);
  if (facts === undefined) {
    const { accountId, name, vendor, tags, metricsAt, spendMinor } = card;
    const limit = { minor: card.dailyLimitMinor, source: card.dailyLimitSource };
    facts = {
      look: lookOf(card),
      text: `${accountId} ${name ?? ''} ${vendor} ${tags.join(' ')}`.toLowerCase(),
      pace: metricsAt === null ? null : derivePace(spendMinor, limit, metricsAt, knownZone(card.timezone)),
    };
    known.set(card, facts);
  }
  return facts;
}
