import { roles, type Role } from '../domain/permissions.ts';
import { addMember } from '../services/members/add-member.ts';
import { addApiKey, readApiKeys, revokeApiKey } from '../services/members/api-keys.ts';
import { setHoursOf, type HoursWish } from '../services/members/set-own-hours.ts';
import { readCollecting } from '../services/upkeep/read-collecting.ts';
import { readHealth } from '../services/upkeep/read-health.ts';
import { listMembers } from '../store/operator.ts';
import { accountCommands } from './account-commands.ts';
import { archiveCommands } from './archive-commands.ts';
import { channelCommands } from './channel-commands.ts';
import { done, Mistake, needed, one, operator, type Command, type Given } from './command.ts';
import { connectionCommands } from './connection-commands.ts';
import { rateCommands } from './rate-commands.ts';
import { ruleCommands } from './rule-commands.ts';
import { vendorCommands } from './vendor-commands.ts';

export const commands: Record<string, Command> = {
  'user add': {
    usage: 'user add --email E --role viewer|analyst|admin   (password on standard input)',
    does: 'adds a member who can sign in at once',
    async run(deps, given) {
      const role = roleOf(given);
      const email = needed(given, 'email');
      const password = (await given.readInput()).replace(/\r?\n$/, '');
      const added = done(await addMember(deps, operator, { email, role, password }));
      return [{ email: added.email, role }];
    },
  },
  'user set': {
    usage: 'user set --email E [--timezone Z] [--quiet 22:00-07:00|none]',
    does: 'sets the time zone and the quiet hours of a member: between them his own channels get only what is critical',
    async run(deps, given) {
      const email = needed(given, 'email');
      const [timezone, quiet] = [one(given, 'timezone'), one(given, 'quiet')];
      if (timezone === undefined && quiet === undefined)
        throw new Mistake('Say what to set: --timezone or --quiet.');
      const set = done(await setHoursOf(deps, operator, email, { timezone, quiet: quietOf(quiet) }));
      const { quiet: hours } = set;
      return [
        { email, timezone: set.timezone, quiet: hours === null ? 'none' : `${hours.from}-${hours.to}` },
      ];
    },
  },
  'user list': {
    usage: 'user list',
    does: 'lists the members',
    run: async ({ database }) =>
      (await listMembers(database.sql)).map(({ email, role, isDisabled }) => ({ email, role, isDisabled })),
  },
  'apikey add': {
    usage: 'apikey add --role viewer|analyst [--name N]',
    does: 'makes a key for a program; it is told this once',
    async run(deps, given) {
      const role = roleOf(given);
      // Unless it is named, the instant tells keys apart.
      const name = one(given, 'name') ?? `${role} ${new Date(await deps.clock.now()).toISOString()}`;
      return [done(await addApiKey(deps, operator, { name, role }))];
    },
  },
  'apikey list': {
    usage: 'apikey list',
    does: 'lists the keys that work, never the keys themselves',
    run: async (deps) =>
      (await readApiKeys(deps, operator)).map(({ createdAt, lastUsedAt, ...key }) => ({
        ...key,
        created: new Date(createdAt).toISOString(),
        lastUsed: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
      })),
  },
  'apikey revoke': {
    usage: 'apikey revoke --name N',
    does: 'ends a key: the next request with it is refused',
    run: async (deps, given) => [done(await revokeApiKey(deps, operator, { name: needed(given, 'name') }))],
  },
  ...vendorCommands,
  ...accountCommands,
  ...connectionCommands,
  ...channelCommands,
  ...ruleCommands,
  ...rateCommands,
  status: {
    usage: 'status',
    does: 'says whether all is well, as /api/health does',
    run: async (deps) => [await readHealth(deps)],
  },
  collecting: {
    usage: 'collecting',
    does: 'tells how collecting does: last cycles, how fast changes were seen, how exact the figures were',
    async run(deps) {
      const { cycles, detection, accuracy, connections } = (await readCollecting(deps, operator)).data;
      const warned = connections.flatMap(({ name, version_warning }) =>
        version_warning === null ? [] : [{ what: `version, ${name}`, ...{ told: version_warning } }],
      );
      return [
        { what: 'last sweep', told: cycles.status },
        { what: 'last figures', told: cycles.metrics },
        { what: 'detection, 30 days', told: detection },
        { what: 'last nightly audit', told: accuracy[0] ?? null },
        ...warned,
      ].map(({ what, told }) => ({ what, told: typeof told === 'string' ? told : JSON.stringify(told) }));
    },
  },
  ...archiveCommands,
};

function roleOf(given: Given): Role {
  const wanted = needed(given, 'role');
  const role = roles.find((one) => one === wanted);
  if (role === undefined) throw new Mistake(`--role is one of ${roles.join(', ')}.`);
  return role;
}

function quietOf(text: string | undefined): HoursWish['quiet'] {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const [from = '', ...rest] = text.split('-');
  return { from, to: rest.join('-') };
}
