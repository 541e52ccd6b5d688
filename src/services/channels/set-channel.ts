import { severities, type Severity } from '../../domain/alert.ts';
import type { Actor } from '../../domain/permissions.ts';
import { alertKinds, isAlertKind } from '../../domain/rules.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  enableChannel,
  findVendorIds,
  lockChannelNamed,
  removeChannelRow,
  setHearing,
  type Hearing,
} from '../../store/channels.ts';
import { disableChannel } from '../../store/deliveries.ts';
import { findMember, insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { noSuchChannel, type ChannelsDeps } from './channels-deps.ts';

/** What a channel is to hear, in the operator's words; what is not given stays, an empty list takes a limit away. */
export interface HearingWish {
  severity?: string | undefined;
  kinds?: readonly string[] | undefined;
  vendors?: readonly string[] | undefined;
  /** The vendor whose own channel it is; empty: nobody's. */
  ownVendor?: string | undefined;
  /** E-mail of the member whose quiet hours count; empty: nobody's. */
  member?: string | undefined;
  level?: number | undefined;
}

type Deps = Pick<ChannelsDeps, 'database' | 'clock'>;

/** The wish as the store takes it, or what is wrong with it. */
export async function readHearing(sql: Sql, wish: HearingWish): Promise<Wish<Hearing>> {
  const problem = (text: string): Wish<Hearing> => ({ isDone: false, problem: text });
  const hearing: Hearing = {};
  const { severity, kinds, vendors, ownVendor, member, level } = wish;
  if (severity !== undefined) {
    if (!isSeverity(severity)) return problem(`"${severity}" is no severity: critical, warning or info.`);
    hearing.lowestSeverity = severity;
  }
  if (kinds !== undefined) {
    const wrong = kinds.find((kind) => !isAlertKind(kind));
    if (wrong !== undefined)
      return problem(`"${wrong}" is no kind of alert. Kinds: ${alertKinds.join(', ')}.`);
    hearing.kinds = kinds.length === 0 ? null : kinds;
  }
  const named = [...(vendors ?? []), ...(ownVendor === undefined || ownVendor === '' ? [] : [ownVendor])];
  const ids = await findVendorIds(sql, named);
  const unknown = named.find((name) => !ids.has(name));
  if (unknown !== undefined)
    return problem(`There is no vendor "${unknown}"; add it with: vendor add "${unknown}"`);
  if (vendors !== undefined)
    hearing.vendorIds = vendors.length === 0 ? null : vendors.map((name) => ids.get(name) ?? 0);
  if (ownVendor !== undefined) hearing.vendorId = ids.get(ownVendor) ?? null;
  if (member !== undefined) {
    const found = member === '' ? null : await findMember(sql, member.toLowerCase());
    if (member !== '' && found === null) return problem(`There is no member with the e-mail ${member}.`);
    hearing.memberId = found?.id ?? null;
  }
  if (level !== undefined) {
    if (!Number.isInteger(level) || level < 0 || level > 9)
      return problem('A level is 0 (hears at once) to 9; each one hears 10 minutes after the one before.');
    hearing.escalationLevel = level;
  }
  return { isDone: true, value: hearing };
}

function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}

/** Changes what a channel hears. Throws `Refused`. */
export async function setChannel(
  deps: Deps,
  actor: Actor,
  name: string,
  wish: HearingWish,
): Promise<Wish<null>> {
  return change(deps, actor, name, 'channel.set', { ...wish }, async (sql, id) => {
    const hearing = await readHearing(sql, wish);
    if (!hearing.isDone) return hearing;
    await setHearing(sql, id, hearing.value);
    return { isDone: true, value: null };
  });
}

/** Lets a channel rest until somebody resumes it; what waits for it goes to the others. Throws `Refused`. */
export async function pauseChannel(deps: Deps, actor: Actor, name: string): Promise<Wish<null>> {
  return change(deps, actor, name, 'channel.paused', {}, async (sql, id, at) =>
    (await disableChannel(sql, id, `paused by ${actor.name}`, at))
      ? { isDone: true, value: null }
      : { isDone: false, problem: `“${name}” is paused already.` },
  );
}

/** Lets a channel that was disabled be used again; what it missed went elsewhere. Throws `Refused`. */
export async function resumeChannel(deps: Deps, actor: Actor, name: string): Promise<Wish<null>> {
  return change(deps, actor, name, 'channel.resumed', {}, async (sql, id) => {
    await enableChannel(sql, id);
    return { isDone: true, value: null };
  });
}

/** Ends a channel and deletes its secrets; what still waits for it goes to the others. Throws `Refused`. */
export async function removeChannel(deps: Deps, actor: Actor, name: string): Promise<Wish<null>> {
  return change(deps, actor, name, 'channel.removed', {}, async (sql, id, at, sealed) => {
    if (sealed === null)
      return {
        isDone: false,
        problem: `"${name}" comes from the settings and would be back at the next start: take SLACK_WEBHOOK_URL out instead.`,
      };
    await removeChannelRow(sql, id, at);
    return { isDone: true, value: null };
  });
}

async function change(
  { database, clock }: Deps,
  actor: Actor,
  name: string,
  action: string,
  detail: object,
  work: (sql: Sql, id: number, at: number, sealed: Uint8Array | null) => Promise<Wish<null>>,
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'channels:change');
  const at = await clock.now();
  return database.transaction(async (sql) => {
    const channel = await lockChannelNamed(sql, name);
    if (channel === null) return noSuchChannel(name);
    const done = await work(sql, channel.id, at, channel.sealed);
    if (done.isDone) await insertAudit(sql, { at, actor: actor.name, action, detail: { name, ...detail } });
    return done;
  });
}
