import { roles, type Role } from '../domain/permissions.ts';
import { addMember } from '../services/members/add-member.ts';
import { addApiKey, readApiKeys, revokeApiKey } from '../services/members/api-keys.ts';
import { changeRole } from '../services/members/change-role.ts';
import { disableMember } from '../services/members/disable-member.ts';
import { enableMember } from '../services/members/enable-member.ts';
import { resetSecondStep } from '../services/members/end-second-step.ts';
import { inviteMember } from '../services/members/invite-member.ts';
import { setHoursOf, type HoursWish } from '../services/members/set-own-hours.ts';
import { setPassword } from '../services/members/set-password.ts';
import { listMembers } from '../store/operator.ts';
import { done, Mistake, needed, one, operator, type Command, type Given } from './command.ts';

/** The operator's commands about people, and about the keys of programs. */
export const memberCommands: Record<string, Command> = {
  'user add': {
    usage: 'user add --email E --role viewer|analyst|admin   (password on standard input)',
    does: 'adds a member who can sign in at once',
    async run(deps, given) {
      const role = roleOf(given);
      const email = needed(given, 'email');
      const password = await passwordOf(given);
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
  'user role': {
    usage: 'user role --email E --role viewer|analyst|admin',
    does: 'gives a member another role and ends his sessions',
    async run(deps, given) {
      const [email, role] = [needed(given, 'email'), roleOf(given)];
      done(await changeRole(deps, operator, { email, role }));
      return [{ email, role }];
    },
  },
  'user password': {
    usage: 'user password --email E   (new password on standard input)',
    does: 'gives a member another password and ends his sessions',
    async run(deps, given) {
      const email = needed(given, 'email');
      done(await setPassword(deps, operator, { email, password: await passwordOf(given) }));
      return [{ email, password: 'changed' }];
    },
  },
  'user disable': {
    usage: 'user disable --email E',
    does: 'shuts a member out: his sessions, his devices and his keys end at once',
    async run(deps, given) {
      const email = needed(given, 'email');
      done(await disableMember(deps, operator, { email }));
      return [{ email, isDisabled: true }];
    },
  },
  'user enable': {
    usage: 'user enable --email E',
    does: 'lets a member in again, with the role and the password that he had',
    async run(deps, given) {
      const email = needed(given, 'email');
      done(await enableMember(deps, operator, { email }));
      return [{ email, isDisabled: false }];
    },
  },
  'user invite': {
    usage: 'user invite --email E --role viewer|analyst|admin',
    does: 'asks somebody in by e-mail; without a mail server the link, which works once for 7 days, is told instead',
    async run(deps, given) {
      const [email, role] = [needed(given, 'email'), roleOf(given)];
      const { isSent, ...rest } = done(await inviteMember(deps, operator, { email, role }));
      return [{ ...rest, sent: isSent ? 'by mail' : 'no' }];
    },
  },
  'user reset-totp': {
    usage: 'user reset-totp --email E',
    does: 'takes the second step of signing in away from a member who has lost phone and codes',
    async run(deps, given) {
      const email = needed(given, 'email');
      done(await resetSecondStep(deps, operator, { email }));
      return [{ email, secondStep: 'off' }];
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
    usage: 'apikey revoke --name N | --id ID',
    does: 'ends a key: the next request with it is refused',
    run: async (deps, given) => [done(await revokeApiKey(deps, operator, keyOf(given)))],
  },
};

function roleOf(given: Given): Role {
  const wanted = needed(given, 'role');
  const role = roles.find((one) => one === wanted);
  if (role === undefined) throw new Mistake(`--role is one of ${roles.join(', ')}.`);
  return role;
}

async function passwordOf(given: Given): Promise<string> {
  return (await given.readInput()).replace(/\r?\n$/, '');
}

function keyOf(given: Given): { id: number } | { name: string } {
  const id = one(given, 'id');
  if (id === undefined) return { name: needed(given, 'name') };
  if (!/^[0-9]{1,9}$/.test(id)) throw new Mistake('--id is a number that apikey list tells.');
  return { id: Number(id) };
}

function quietOf(text: string | undefined): HoursWish['quiet'] {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const [from = '', ...rest] = text.split('-');
  return { from, to: rest.join('-') };
}
