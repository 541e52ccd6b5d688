import { isRealDay } from '../../domain/exchange.ts';
import type { Rate } from '../../domain/exchange.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { upsertRates } from '../../store/exchange-rates.ts';
import { insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'transaction'>;
  clock: Pick<Clock, 'now'>;
}

/** Enters what one euro was worth on a day, for a currency that nobody publishes. Throws `Refused`. */
export async function setRate(deps: Deps, actor: Actor, rate: Rate): Promise<Wish<Rate>> {
  mustBeAllowed(actor, 'accounts:change');
  const problem = problemOf(rate);
  if (problem !== null) return { isDone: false, problem };
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    await upsertRates(sql, [rate], actor.name);
    await insertAudit(sql, { at, actor: actor.name, action: 'rate.set', detail: { ...rate } });
  });
  return { isDone: true, value: rate };
}

function problemOf({ currency, perEuro, day }: Rate): string | null {
  if (!/^[A-Z]{3}$/.test(currency)) return `"${currency}" is no currency; they are called like USD.`;
  if (currency === 'EUR') return 'Rates are told per euro: the euro itself has none.';
  if (!(perEuro > 0.000001 && perEuro < 10_000_000))
    return 'A rate is a number above 0: what one euro is worth, such as 1.08.';
  return isRealDay(day) ? null : `"${day}" is no day; they are written like 2026-11-24.`;
}
