import { readCollecting } from '../services/upkeep/read-collecting.ts';
import { readHealth } from '../services/upkeep/read-health.ts';
import { accountCommands } from './account-commands.ts';
import { archiveCommands } from './archive-commands.ts';
import { channelCommands } from './channel-commands.ts';
import { operator, type Command } from './command.ts';
import { connectionCommands } from './connection-commands.ts';
import { cutoverCommands } from './cutover-commands.ts';
import { memberCommands } from './member-commands.ts';
import { rateCommands } from './rate-commands.ts';
import { ruleCommands } from './rule-commands.ts';
import { vendorCommands } from './vendor-commands.ts';

export const commands: Record<string, Command> = {
  ...memberCommands,
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
  ...cutoverCommands,
};
