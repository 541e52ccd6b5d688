import { parseAccountId } from '../domain/account.ts';
import { setAccount, type AccountWish } from '../services/accounts/set-account.ts';
import { tagAccount } from '../services/accounts/tag-account.ts';
import { readCollecting } from '../services/upkeep/read-collecting.ts';
import { readHealth } from '../services/upkeep/read-health.ts';
import { ensureVendor } from '../store/connections.ts';
import { assignByBusiness, listAccountLines, listVendors } from '../store/operator.ts';
import { archiveCommands } from './archive-commands.ts';
import { channelCommands } from './channel-commands.ts';
import { Mistake, one, operator, type Command } from './command.ts';
import { connectionCommands } from './connection-commands.ts';
import { cutoverCommands } from './cutover-commands.ts';
import { memberCommands } from './member-commands.ts';
import { rateCommands } from './rate-commands.ts';
import { ruleCommands } from './rule-commands.ts';

export const commands: Record<string, Command> = {
  ...memberCommands,
  'vendor add': {
    usage: 'vendor add NAME [--business ID …]',
    does: 'adds a vendor; accounts of its Business Managers that nobody has assigned become its own',
    async run({ database }, given) {
      const name = given.words[0];
      if (name === undefined || name.trim() === '')
        throw new Mistake('Name the vendor: vendor add "Agency Alpha"');
      const ids = [given.options['business'] ?? []].flat().map(String);
      const wrong = ids.find((id) => !/^[0-9]{1,25}$/.test(id));
      if (wrong !== undefined) throw new Mistake(`"${wrong}" is no Business Manager id: it has digits only.`);
      return database.transaction(async (sql) => {
        await ensureVendor(sql, name, ids);
        return [{ name, assigned: await assignByBusiness(sql, name) }];
      });
    },
  },
  'vendor list': {
    usage: 'vendor list',
    does: 'lists the vendors with their accounts and Business Managers',
    run: ({ database }) => listVendors(database.sql),
  },
  'account set': {
    usage: 'account set ACT [--vendor V] [--daily-limit 250|none] [--tags a,b]',
    does: 'assigns an account to a vendor, enters the daily limit that was promised (major units of its currency), gives it these tags and no others',
    async run(deps, given) {
      const accountId = parseAccountId(given.words[0]);
      if (accountId === null)
        throw new Mistake('Name the account: account set act_1234567890 --vendor "Agency Alpha"');
      const [vendor, dailyLimit] = [one(given, 'vendor'), one(given, 'daily-limit')];
      const wish: AccountWish = {
        ...(vendor === undefined ? {} : { vendor }),
        ...(dailyLimit === undefined ? {} : { dailyLimit }),
      };
      const tags = one(given, 'tags');
      if (Object.keys(wish).length === 0 && tags === undefined)
        throw new Mistake('Say what to set: --vendor, --daily-limit or --tags.');
      const problem =
        Object.keys(wish).length === 0 ? null : await setAccount(deps, operator, accountId, wish);
      if (problem !== null) throw new Mistake(problem);
      if (tags !== undefined) {
        const tagged = await tagAccount(deps, operator, { account: accountId, tags });
        if (!tagged.isDone) throw new Mistake(tagged.problem);
      }
      return [{ accountId, ...wish, ...(tags === undefined ? {} : { tags }) }];
    },
  },
  'account list': {
    usage: 'account list',
    does: 'lists all accounts with vendor, connection and state',
    run: ({ database }) => listAccountLines(database.sql),
  },
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
  ...cutoverCommands,
};
