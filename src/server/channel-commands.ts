import { channelKinds, type ChannelKind } from '../ports/channel.ts';
import { addChannel } from '../services/channels/add-channel.ts';
import { previewVendorWords } from '../services/channels/preview-vendor-words.ts';
import {
  pauseChannel,
  readHearing,
  removeChannel,
  resumeChannel,
  setChannel,
  type HearingWish,
} from '../services/channels/set-channel.ts';
import { testChannel } from '../services/channels/test-channel.ts';
import { listChannels } from '../store/channels.ts';
import { done, Mistake, needed, one, operator, type Command, type Given } from './command.ts';

/** The operator's commands about the ways to reach people. A channel's settings come as JSON on standard input. */

const hears =
  '[--severity critical|warning|info] [--alert-kind K …] [--for-vendor V …] [--own-vendor V] [--member E-MAIL] [--level 0..9]';

export const channelCommands: Record<string, Command> = {
  'channel add': {
    usage: `channel add --kind ${channelKinds.join('|')} --name N ${hears}   (settings as JSON on standard input)`,
    does: 'adds a way to reach people; docs/channels.md says what each kind needs',
    async run(deps, given) {
      const [kind, name] = [needed(given, 'kind'), needed(given, 'name')];
      if (!isKind(kind)) throw new Mistake(`"${kind}" is no kind of channel: ${channelKinds.join(', ')}.`);
      const entered = parse(await given.readInput());
      const hearing = done(await readHearing(deps.database.sql, wishOf(given, 'alert-kind')));
      return [{ name, kind, ...done(await addChannel(deps, operator, { name, kind, entered, hearing })) }];
    },
  },
  'channel list': {
    usage: 'channel list',
    does: 'lists the channels: what they hear, when they last sent, what went wrong',
    async run({ database }) {
      const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString());
      return (await listChannels(database.sql)).map(
        ({ disabledAt, disabledReason, lastSentAt, lastErrorAt, shown, ...channel }) => ({
          ...channel,
          reached: shown ?? 'by the settings',
          state: disabledAt === null ? 'ok' : `disabled: ${disabledReason ?? 'by hand'}`,
          lastSent: moment(lastSentAt),
          lastErrorAt: moment(lastErrorAt),
        }),
      );
    },
  },
  'channel set': {
    usage: `channel set NAME ${hears}`,
    does: 'changes what a channel hears; an empty value takes a limit away',
    async run(deps, given) {
      const name = named(given, 'set');
      done(await setChannel(deps, operator, name, wishOf(given, 'alert-kind')));
      return (await listChannels(deps.database.sql)).filter((channel) => channel.name === name);
    },
  },
  'channel test': {
    usage: 'channel test NAME',
    does: 'sends a test message and says what came of it',
    run: async (deps, given) => {
      const name = named(given, 'test');
      return [{ name, ...done(await testChannel(deps, operator, name)) }];
    },
  },
  'channel preview': {
    usage: 'channel preview ACCOUNT',
    does: "shows what a vendor's own channel would be told, were this account suspended now",
    async run(deps, given) {
      const words = done(await previewVendorWords(deps, operator, given.words[0] ?? ''));
      return words.split('\n').map((message) => ({ message }));
    },
  },
  'channel pause': {
    usage: 'channel pause NAME',
    does: 'lets a channel rest until it is resumed; what waits for it goes to the others',
    run: async (deps, given) => {
      const name = named(given, 'pause');
      done(await pauseChannel(deps, operator, name));
      return [{ name, state: 'paused' }];
    },
  },
  'channel resume': {
    usage: 'channel resume NAME',
    does: 'uses a channel again that was disabled',
    run: async (deps, given) => {
      const name = named(given, 'resume');
      done(await resumeChannel(deps, operator, name));
      return [{ name, state: 'ok' }];
    },
  },
  'channel remove': {
    usage: 'channel remove NAME',
    does: 'ends it and deletes its secrets; what waits for it goes to the others',
    run: async (deps, given) => {
      const name = named(given, 'remove');
      done(await removeChannel(deps, operator, name));
      return [{ name, state: 'removed' }];
    },
  },
};

function wishOf(given: Given, kindOption: string): HearingWish {
  const many = (name: string) => {
    const value = given.options[name];
    return value === undefined
      ? undefined
      : [value]
          .flat()
          .map(String)
          .filter((text) => text !== '');
  };
  const level = one(given, 'level');
  return {
    severity: one(given, 'severity'),
    kinds: many(kindOption),
    vendors: many('for-vendor'),
    ownVendor: one(given, 'own-vendor'),
    member: one(given, 'member'),
    level: level === undefined ? undefined : Number(level),
  };
}

function isKind(text: string): text is ChannelKind {
  return (channelKinds as readonly string[]).includes(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Mistake(
      'The settings on standard input are not JSON; docs/channels.md shows an example of each kind.',
    );
  }
}

function named({ words }: Given, verb: string): string {
  const [name] = words;
  if (name === undefined || words.length > 1)
    throw new Mistake(`Name one channel: channel ${verb} "Ops"; channel list tells the names.`);
  return name;
}
