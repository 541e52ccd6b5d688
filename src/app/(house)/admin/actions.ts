'use server';

import { connectionForm, newConnectionForm, removalForm, tokenForm } from '../../../contract/admin.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import { addConnection } from '../../../services/connections/add-connection.ts';
import { pauseConnection, resumeConnection } from '../../../services/connections/pause-connection.ts';
import { removeConnection } from '../../../services/connections/remove-connection.ts';
import { replaceToken } from '../../../services/connections/replace-token.ts';
import { settingsConnection } from '../../../services/connections/take-settings-token.ts';
import { testConnection } from '../../../services/connections/test-connection.ts';
import type { Wish } from '../../../services/members/members-deps.ts';
import { unreadable, wishOf } from './wish-of.ts';

/** Longer than any of Meta's answers may take. */
const patienceMs = 45_000;

/** Adds a way into Meta; its token is looked at first. */
export async function add(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: newConnectionForm, form },
    async (deps, actor, { name, token, businesses }) =>
      addConnection(deps, actor, { name, token, businessIds: businesses }, patience()),
  );
}

/** Tries a connection; the answer's `told` says what came of it. Changes nothing. */
export async function test(form: FormData): Promise<Act & { told?: string }> {
  await requireOwnPage();
  const actor = await requireActor('connections:change');
  const given = connectionForm.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const tried = await testConnection(await house(), actor, given.data.name, patience());
  if (!tried.isDone) return tried;
  const { isAlive, problem, accounts, hints } = tried.value;
  const whole = problem ?? (isAlive === null ? 'Meta could not be asked.' : null);
  if (whole !== null) return { isDone: false, problem: [whole, ...hints].join(' ') };
  const seen =
    accounts === null ? 'its accounts could not be read' : `${accounts} accounts on its first page`;
  return { isDone: true, told: [`The token works; ${seen}.`, ...hints].join(' ') };
}

export async function pause(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: connectionForm, form }, (deps, actor, { name }) =>
    pauseConnection(deps, actor, name),
  );
}

export async function resume(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: connectionForm, form }, (deps, actor, { name }) =>
    resumeConnection(deps, actor, name, patience()),
  );
}

/** Gives a connection another token; it is looked at first. */
export async function replace(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: tokenForm, form }, (deps, actor, given) =>
    replaceToken(deps, actor, given, patience()),
  );
}

/** Ends a connection, when its name was typed once more. */
export async function remove(form: FormData): Promise<Act> {
  return wishOf(
    { ...here, schema: removalForm, form },
    async (deps, actor, { name, confirmed }): Promise<Wish<unknown>> => {
      if (confirmed !== name) return { isDone: false, problem: `Type “${name}” to confirm.` };
      if (name === settingsConnection && deps.config.meta.token !== null)
        return {
          isDone: false,
          problem:
            'Its token is in the settings and would come back with the next start: take FB_ACCESS_TOKEN out first, or pause it.',
        };
      return removeConnection(deps, actor, name);
    },
  );
}

const here = { action: 'connections:change', page: '/admin' } as const;

function patience(): AbortSignal {
  return AbortSignal.timeout(patienceMs);
}
