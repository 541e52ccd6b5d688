import { type SilenceWish, silenceForm } from '../../contract/alert-acts.ts';
import type { AlertKind } from '../../domain/alert.ts';
import { alertKinds } from '../../domain/rules.ts';
import { type Actor, may } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { findScope, insertSilence } from '../../store/silences.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type Act, type ActDeps, done, notDone } from './acts.ts';

const hourMs = 3_600_000;
/** Whoever may acknowledge may keep one account quiet for a day. */
const longestByAnalystMs = 24 * hourMs;

/** Keeps alerts from being told for a while; they are recorded all the same. Throws `Refused`. */
export async function createSilence(deps: ActDeps, actor: Actor, given: SilenceWish): Promise<Act> {
  mustBeAllowed(actor, 'alerts:acknowledge');
  const parsed = silenceForm.safeParse(given);
  if (!parsed.success) return notDone(parsed.error.issues[0]?.message ?? 'This cannot be read.');
  const { reason, hours, account, vendor } = parsed.data;
  const lengthMs = Math.round(hours * hourMs);
  const isSmall = account !== null && lengthMs <= longestByAnalystMs;
  if (!isSmall && !may(actor, 'rules:change'))
    return notDone('Only an admin can silence more than one account, or one for more than 24 hours.');
  const unknown = parsed.data.kinds.filter((kind) => !alertKinds.includes(kind as AlertKind));
  if (unknown.length > 0) return notDone(`There is no kind of alert "${unknown.join(', ')}".`);
  const kinds = parsed.data.kinds.length === 0 ? null : parsed.data.kinds;
  if (account === null && vendor === null && kinds === null)
    return notDone('Say what to silence: an account, a vendor or kinds of alerts.');

  const at = await deps.clock.now();
  const endsAt = at + lengthMs;
  return deps.database.transaction(async (sql) => {
    const { vendorId, accountNo } = await findScope(sql, { vendor, accountId: account });
    if (account !== null && accountNo === null) return notDone(`There is no account ${account}.`);
    if (vendor !== null && vendorId === null) return notDone(`There is no vendor "${vendor}".`);
    const scope = { kinds, vendorId, accountNo };
    const id = await insertSilence(sql, { ...scope, author: actor.name, reason, startsAt: at, endsAt });
    const detail = { silenceId: id, reason, account, vendor, kinds, endsAt: new Date(endsAt).toISOString() };
    await insertAudit(sql, { at, actor: actor.name, action: 'silence.created', detail });
    return done;
  });
}
