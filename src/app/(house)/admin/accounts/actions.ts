'use server';

import { revalidatePath } from 'next/cache';
import {
  accountIdsForm,
  accountWishesForm,
  awaitedForm,
  type FleetAnswer,
  forgetForm,
  type ImportAnswer,
  importForm,
} from '../../../../contract/fleet.ts';
import { type AccountId, parseAccountId } from '../../../../domain/account.ts';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { archiveAccount, restoreAccount } from '../../../../services/accounts/archive-account.ts';
import { awaitAccount, forgetAwaited } from '../../../../services/accounts/await-account.ts';
import { importAccounts } from '../../../../services/accounts/import-accounts.ts';
import { setAccount } from '../../../../services/accounts/set-account.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import type { Wish } from '../../../../services/members/members-deps.ts';
import { wishOf } from '../wish-of.ts';

/** Sets vendor, limit and tags of accounts, each as it is wished for; answers for each. */
export async function change(form: FormData): Promise<FleetAnswer> {
  await requireOwnPage();
  const actor = await requireActor('accounts:change');
  const given = accountWishesForm.safeParse(Object.fromEntries(form));
  if (!given.success) return { isDone: false, problem: given.error.issues[0]?.message ?? '' };
  const deps = await house();
  return each(given.data.wishes, ({ account, ...wish }) => setAccount(deps, actor, account, wish));
}

/** Archives accounts; answers for each. */
export async function archive(form: FormData): Promise<FleetAnswer> {
  await requireOwnPage();
  const actor = await requireActor('accounts:change');
  const deps = await house();
  return eachId(form, (accountId) => archiveAccount(deps, actor, accountId));
}

/** Brings archived accounts back; answers for each. */
export async function restore(form: FormData): Promise<FleetAnswer> {
  await requireOwnPage();
  const actor = await requireActor('accounts:change');
  const deps = await house();
  return eachId(form, (accountId) => restoreAccount(deps, actor, accountId));
}

/** Enters what is to count for an account that no connection has found yet. */
export async function awaitOne(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: awaitedForm, form },
    async (deps, actor, { account, vendor, dailyLimit, tags }): Promise<Wish<null>> => {
      const accountId = parseAccountId(/^[0-9]+$/.test(account) ? `act_${account}` : account);
      if (accountId === null)
        return { isDone: false, problem: 'An account id is act_ and its digits, like act_1234567890.' };
      const wish = { vendor, dailyLimit: dailyLimit === '' ? undefined : dailyLimit, tags };
      return outcome(await awaitAccount(deps, actor, accountId, wish));
    },
  );
}

/** Waits for an account no longer. */
export async function forget(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: forgetForm, form },
    async (deps, actor, { account }): Promise<Wish<null>> =>
      outcome(await forgetAwaited(deps, actor, account)),
  );
}

/** Tells what a list would change, or changes it. */
export async function importList(form: FormData): Promise<ImportAnswer> {
  await requireOwnPage();
  const actor = await requireActor('accounts:change');
  const given = importForm.safeParse(Object.fromEntries(form));
  if (!given.success) return { isDone: false, problem: 'Paste a list or choose a file of at most 500 KB.' };
  const { list, apply } = given.data;
  return importAccounts(await house(), actor, { list, apply: apply === 'yes' });
}

const here = { action: 'accounts:change', page: '/admin/accounts' } as const;

function outcome(problem: string | null): Wish<null> {
  return problem === null ? { isDone: true, value: null } : { isDone: false, problem };
}

async function eachId(
  form: FormData,
  work: (accountId: AccountId) => Promise<string | null>,
): Promise<FleetAnswer> {
  const given = accountIdsForm.safeParse(Object.fromEntries(form));
  if (!given.success) return { isDone: false, problem: 'Choose 1 to 500 accounts.' };
  return each(
    given.data.accounts.map((account) => ({ account })),
    ({ account }) => work(account),
  );
}

/** One after the other, each by itself: what is wrong with one keeps no other from being done. */
async function each<One extends { account: AccountId }>(
  all: readonly One[],
  work: (one: One) => Promise<string | null>,
): Promise<FleetAnswer> {
  const rows = [];
  for (const one of all) rows.push({ accountId: one.account, problem: await work(one) });
  revalidatePath(here.page);
  return { isDone: true, rows };
}
