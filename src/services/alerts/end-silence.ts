import { endSilenceForm } from '../../contract/alert-acts.ts';
import { type Actor, may } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { lockSilence, writeSilenceEnd } from '../../store/silences.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type Act, type ActDeps, done, notDone } from './acts.ts';

/** Ends a silence before its time: alerts from now on are told again. Throws `Refused`. */
export async function endSilence(deps: ActDeps, actor: Actor, given: { silenceId: number }): Promise<Act> {
  mustBeAllowed(actor, 'alerts:acknowledge');
  const wish = endSilenceForm.safeParse(given);
  if (!wish.success) return notDone('There is no such silence in force.');
  const { silenceId } = wish.data;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const silence = await lockSilence(sql, silenceId, at);
    if (silence === null) return notDone('There is no such silence in force.');
    if (silence.accountNo === null && !may(actor, 'rules:change'))
      return notDone('Only an admin can end a silence of more than one account.');
    await writeSilenceEnd(sql, silenceId, { by: actor.name, at });
    await insertAudit(sql, { at, actor: actor.name, action: 'silence.ended', detail: { silenceId } });
    return done;
  });
}
