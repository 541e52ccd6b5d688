import type { Actor } from '../../domain/permissions.ts';
import type { ChannelKind } from '../../ports/channel.ts';
import {
  channelPurpose,
  insertChannel,
  sealChannel,
  setHearing,
  type Hearing,
} from '../../store/channels.ts';
import { insertAudit } from '../../store/members.ts';
import { lockSealing } from '../../store/sealed-rows.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ChannelsDeps } from './channels-deps.ts';

/** A channel as an operator wishes it; `entered` is the JSON of its kind's own settings. */
export interface NewChannel {
  name: string;
  kind: ChannelKind;
  entered: unknown;
  hearing: Hearing;
}

/** Adds a channel: its settings are looked at first, then sealed. Nothing is sent; that is what a test is for. Throws `Refused`. */
export async function addChannel(
  deps: ChannelsDeps,
  actor: Actor,
  { name, kind, entered, hearing }: NewChannel,
): Promise<Wish<{ id: number; shown: string }>> {
  mustBeAllowed(actor, 'channels:change');
  if (!/^[^\p{C}\s](?:[^\p{C}]{0,58}[^\p{C}\s])?$/u.test(name))
    return { isDone: false, problem: 'A name has 1 to 60 characters, none of them invisible.' };
  const built = (await deps.channelBuilder())(kind, entered);
  if (!built.ok) return { isDone: false, problem: built.problem };
  const { shown } = built;
  const at = await deps.clock.now();
  const id = await deps.database.transaction(async (sql) => {
    const added = await insertChannel(sql, { name, kind, shown, at });
    if (added === null) return null;
    await lockSealing(sql);
    await sealChannel(sql, added, deps.sealer.seal(JSON.stringify(entered), channelPurpose, String(added)));
    await setHearing(sql, added, hearing);
    await insertAudit(sql, { at, actor: actor.name, action: 'channel.added', detail: { name, kind, shown } });
    return added;
  });
  return id === null
    ? {
        isDone: false,
        problem: `There is a channel "${name}" already; remove it first, or take another name.`,
      }
    : { isDone: true, value: { id, shown } };
}
