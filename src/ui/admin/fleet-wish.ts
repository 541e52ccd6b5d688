import type { FleetAccount, FleetAnswer } from '../../contract/fleet.ts';
import { unassignedVendor } from '../../domain/account.ts';
import type { Answer } from '../kit/use-act.ts';

type Many = (form: FormData) => Promise<FleetAnswer>;

/** What can be done with accounts; each answers for every account. */
export interface FleetActions {
  change: Many;
  archive: Many;
  restore: Many;
}

/** What is wished for one account; what is left out stays as it is. */
export interface FleetWish {
  account: string;
  vendor?: string;
  dailyLimit?: string;
  tags?: readonly string[];
}

/** What the forms of one account wish: only what is another than what stands. An empty limit takes the entered one back. */
export function wishOfForm(account: FleetAccount, form: FormData): FleetWish {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const wish: FleetWish = { account: account.accountId };
  const vendor = text('vendor');
  if (vendor !== (account.vendor ?? unassignedVendor)) wish.vendor = vendor;
  const limit = text('dailyLimit');
  if (limit !== (account.operatorLimit ?? '')) wish.dailyLimit = limit === '' ? 'none' : limit;
  const tags = tagsOf(text('tags'));
  if (tags.join() !== account.tags.join()) wish.tags = tags;
  return wish;
}

/** The wish that takes this one back. */
export function undoOf(account: FleetAccount, wish: FleetWish): FleetWish {
  return {
    account: account.accountId,
    ...(wish.vendor === undefined ? {} : { vendor: account.vendor ?? unassignedVendor }),
    ...(wish.dailyLimit === undefined ? {} : { dailyLimit: account.operatorLimit ?? 'none' }),
    ...(wish.tags === undefined ? {} : { tags: account.tags }),
  };
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** An account's tags with some added and some taken away. */
export function changedTags(tags: readonly string[], add: string, remove: string): string[] {
  const gone = new Set(tagsOf(remove.toLowerCase()));
  return [...new Set([...tags, ...tagsOf(add.toLowerCase())])].filter((tag) => !gone.has(tag));
}

/** The form in which a list goes to the server. */
export function listForm(name: 'wishes' | 'accounts', list: readonly unknown[]): FormData {
  const form = new FormData();
  form.set(name, JSON.stringify(list));
  return form;
}

const mostNamed = 5;

/** The answer for many accounts in one sentence: what could not be done is a problem, with its reasons. */
export function answerOf(answer: FleetAnswer): Answer {
  if (!answer.isDone) return answer;
  const failed = answer.rows.filter(({ problem }) => problem !== null);
  if (failed.length === 0) return { isDone: true };
  if (answer.rows.length === 1) return { isDone: false, problem: failed[0]?.problem ?? '' };
  const done = answer.rows.length - failed.length;
  const named = failed.slice(0, mostNamed).map(({ accountId, problem }) => `${accountId}: ${problem}`);
  const rest = failed.length - named.length;
  const more = rest > 0 ? ` And ${rest} more.` : '';
  return {
    isDone: false,
    problem: `Done for ${done} of ${answer.rows.length}. Not done: ${named.join(' ')}${more}`,
  };
}
