import { addConnection } from '../services/connections/add-connection.ts';
import { pauseConnection, resumeConnection } from '../services/connections/pause-connection.ts';
import { readConnections } from '../services/connections/read-connections.ts';
import { removeConnection } from '../services/connections/remove-connection.ts';
import { replaceToken } from '../services/connections/replace-token.ts';
import { rotateKey } from '../services/connections/rotate-key.ts';
import { settingsConnection } from '../services/connections/take-settings-token.ts';
import { testConnection } from '../services/connections/test-connection.ts';
import { done, Mistake, needed, operator, type Command, type Given } from './command.ts';
import type { Deps } from './house.ts';

/** The operator's commands about the ways into Meta. A token comes on standard input and is never told again. */

const patienceMs = 90_000;

export const connectionCommands: Record<string, Command> = {
  'connection add': {
    usage: 'connection add --name N [--business ID …]   (token on standard input)',
    does: 'adds a way into Meta; the token is looked at first, and sealed',
    async run(deps, given) {
      const name = needed(given, 'name');
      const businessIds = [given.options['business'] ?? []].flat().map(String);
      const token = await given.readInput();
      const { id, unchecked } = done(
        await addConnection(deps, operator, { name, businessIds, token }, patience()),
      );
      return [{ id, name, businesses: businessIds, checked: looked(unchecked) }];
    },
  },
  'connection list': {
    usage: 'connection list',
    does: 'lists the ways into Meta: how they stand, what they reach, when their tokens end',
    run: listLines,
  },
  'connection test': {
    usage: 'connection test NAME',
    does: 'asks Meta about the token and for the first accounts, and says what is missing',
    async run(deps, given) {
      const name = named(given, 'test');
      const trial = done(await testConnection(deps, operator, name, patience()));
      const { isAlive, kind, scopes, accounts, problem, hints, state } = trial;
      return [
        {
          name,
          state,
          alive: isAlive,
          kind,
          scopes,
          expires: moment(trial.expiresAt),
          data_access_expires: moment(trial.dataAccessExpiresAt),
          accounts,
          problem,
          hints,
        },
      ];
    },
  },
  'connection pause': {
    usage: 'connection pause NAME',
    does: 'stops reading through it; its accounts stay on the board',
    async run(deps, given) {
      const name = named(given, 'pause');
      done(await pauseConnection(deps, operator, name));
      return [{ name, state: 'paused' }];
    },
  },
  'connection resume': {
    usage: 'connection resume NAME',
    does: 'reads through it again from the next cycle on',
    async run(deps, given) {
      const name = named(given, 'resume');
      done(await resumeConnection(deps, operator, name, patience()));
      return (await listLines(deps)).filter((line) => line.name === name);
    },
  },
  'connection replace': {
    usage: 'connection replace NAME   (token on standard input)',
    does: 'gives it another token, which is looked at first',
    async run(deps, given) {
      const name = named(given, 'replace');
      const token = await given.readInput();
      const { unchecked } = done(await replaceToken(deps, operator, { name, token }, patience()));
      return [{ name, checked: looked(unchecked) }];
    },
  },
  'connection remove': {
    usage: 'connection remove NAME',
    does: 'ends it and deletes its token; accounts that no other one can read are archived',
    async run(deps, given) {
      const name = named(given, 'remove');
      if (name === settingsConnection && deps.config.meta.token !== null)
        throw new Mistake(
          `"${name}" has its token from the settings and would come back with the next start: take FB_ACCESS_TOKEN out first, or pause it.`,
        );
      return [{ name, ...done(await removeConnection(deps, operator, name)) }];
    },
  },
  'rotate-key': {
    usage: 'rotate-key',
    does: 'puts all tokens under a new key, beside a running server; with ENCRYPTION_KEY set, under that one',
    run: async (deps) => [done(await rotateKey(deps, operator))],
  },
};

async function listLines(deps: Deps) {
  return (await readConnections(deps, operator)).map(
    ({ token, businessIds, stateReason, retryAt, ...line }) => ({
      ...line,
      reason: stateReason,
      retry: moment(retryAt),
      businesses: businessIds,
      token: token === null ? null : (token.kind ?? 'unknown'),
      expires: moment(token?.expiresAt ?? null),
      data_access_expires: moment(token?.dataAccessExpiresAt ?? null),
      renewed: moment(token?.renewedAt ?? null),
      renewal_failed: token?.renewalFailed ?? null,
    }),
  );
}

/** An instant for people and programs alike: ISO, `never`, or null where it is not known. */
function moment(at: number | null): string | null {
  return at === null ? null : at === Infinity ? 'never' : new Date(at).toISOString();
}

function named({ words }: Given, verb: string): string {
  const [name] = words;
  if (name === undefined || words.length > 1)
    throw new Mistake(`Name one connection: connection ${verb} "Beta BM"; connection list tells the names.`);
  return name;
}

/** Whether Meta has been asked about the token; if not, that is done as soon as it answers. */
function looked(unchecked: string | null): string {
  return unchecked === null ? 'yes' : `not yet: ${unchecked}`;
}

function patience(): AbortSignal {
  return AbortSignal.timeout(patienceMs);
}
