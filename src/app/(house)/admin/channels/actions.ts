'use server';

import { revalidatePath } from 'next/cache';
import {
  channelForm,
  channelPreviewForm,
  channelRemovalForm,
  hearingForm,
  newChannelForm,
  settingsOf,
} from '../../../../contract/channels.ts';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { addChannel } from '../../../../services/channels/add-channel.ts';
import { previewVendorWords } from '../../../../services/channels/preview-vendor-words.ts';
import {
  pauseChannel,
  readHearing,
  removeChannel,
  resumeChannel,
  setChannel,
} from '../../../../services/channels/set-channel.ts';
import { testChannel } from '../../../../services/channels/test-channel.ts';
import type { Wish } from '../../../../services/members/members-deps.ts';
import { unreadable, wishOf } from '../wish-of.ts';

/** Adds a way to reach people; what is wrong with its settings is said without repeating them. */
export async function add(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: newChannelForm, form },
    async (deps, actor, { name, kind, severity, ...typed }): Promise<Wish<unknown>> => {
      const hearing = await readHearing(deps.database.sql, { severity });
      if (!hearing.isDone) return hearing;
      const entered = settingsOf(kind, typed);
      return addChannel(deps, actor, { name, kind, entered, hearing: hearing.value });
    },
  );
}

/** Sends a test message; the answer's `told` says what came of it. */
export async function test(form: FormData): Promise<Act & { told?: string }> {
  await requireOwnPage();
  const actor = await requireActor('channels:change');
  const given = channelForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const tested = await testChannel(await house(), actor, given.data.name);
  revalidatePath(here.page);
  if (!tested.isDone) return tested;
  const { outcome, reason, tookMs } = tested.value;
  if (outcome === 'sent') return { isDone: true, told: `The test message was taken in ${tookMs} ms.` };
  return { isDone: false, problem: `The test message did not arrive: ${reason ?? 'no reason was given'}.` };
}

/** What a vendor's own channel would be told of an account; `told` is the message. */
export async function preview(form: FormData): Promise<Act & { told?: string }> {
  await requireOwnPage();
  const actor = await requireActor('channels:change');
  const given = channelPreviewForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const words = await previewVendorWords(await house(), actor, given.data.account);
  return words.isDone ? { isDone: true, told: words.value } : words;
}

/** Changes what a channel hears. */
export async function set(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: hearingForm, form }, (deps, actor, { name, ...wish }) =>
    setChannel(deps, actor, name, wish),
  );
}

export async function pause(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: channelForm, form }, (deps, actor, { name }) =>
    pauseChannel(deps, actor, name),
  );
}

export async function resume(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: channelForm, form }, (deps, actor, { name }) =>
    resumeChannel(deps, actor, name),
  );
}

/** Ends a channel and deletes its secrets, when its name was typed once more. */
export async function remove(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: channelRemovalForm, form },
    async (deps, actor, { name, confirmed }): Promise<Wish<unknown>> =>
      confirmed === name
        ? removeChannel(deps, actor, name)
        : { isDone: false, problem: `Type “${name}” to confirm.` },
  );
}

const here = { action: 'channels:change', page: '/admin/channels' } as const;
