import { readFile } from 'node:fs/promises';
import { type AccountId, parseAccountId } from '../domain/account.ts';
import type { AccountWish } from '../services/accounts/account-wish.ts';
import { archiveAccount, restoreAccount } from '../services/accounts/archive-account.ts';
import { importAccounts } from '../services/accounts/import-accounts.ts';
import { setAccount } from '../services/accounts/set-account.ts';
import { listAccountLines } from '../store/operator.ts';
import { type Command, type Given, Mistake, one, operator } from './command.ts';

/** The operator's commands about accounts. */
export const accountCommands: Record<string, Command> = {
  'account set': {
    usage: 'account set ACT [--vendor V] [--daily-limit 250|none] [--tags a,b]',
    does: 'assigns an account to a vendor, enters the daily limit that was promised (major units of its currency), gives it these tags and no others',
    async run(deps, given) {
      const accountId = named(given, 'account set act_1234567890 --vendor "Agency Alpha"');
      const [vendor, dailyLimit, tags] = [
        one(given, 'vendor'),
        one(given, 'daily-limit'),
        one(given, 'tags'),
      ];
      const wish: AccountWish = {
        ...(vendor === undefined ? {} : { vendor }),
        ...(dailyLimit === undefined ? {} : { dailyLimit }),
        ...(tags === undefined ? {} : { tags }),
      };
      if (Object.keys(wish).length === 0)
        throw new Mistake('Say what to set: --vendor, --daily-limit or --tags.');
      must(await setAccount(deps, operator, accountId, wish));
      return [{ accountId, ...wish }];
    },
  },
  'account archive': {
    usage: 'account archive ACT',
    does: 'takes an account off the board and out of every cycle; what is known of it stays',
    async run(deps, given) {
      const accountId = named(given, 'account archive act_1234567890');
      must(await archiveAccount(deps, operator, accountId));
      return [{ accountId, state: 'archived' }];
    },
  },
  'account restore': {
    usage: 'account restore ACT',
    does: 'brings an archived account back; it is read again from the next sweep on',
    async run(deps, given) {
      const accountId = named(given, 'account restore act_1234567890');
      must(await restoreAccount(deps, operator, accountId));
      return [{ accountId, state: 'watched' }];
    },
  },
  'account import': {
    usage: 'account import FILE [--apply]   (- = standard input)',
    does: 'reads a CSV of account id, vendor, daily limit, tags and tells what each row would change; with --apply it does so for all good rows at once',
    async run(deps, given) {
      const [file] = given.words;
      if (file === undefined) throw new Mistake('Name the file: account import accounts.csv');
      const list = file === '-' ? await given.readInput() : await read(file);
      const answer = await importAccounts(deps, operator, { list, apply: given.options['apply'] === true });
      if (!answer.isDone) throw new Mistake(answer.problem);
      return answer.lines.map(({ line, account, fate, changes, problem }) => ({
        ...{ row: line, account, fate: answer.isApplied && fate === 'changes' ? 'changed' : fate },
        changes: changes.map(({ what, from, to }) => `${what}: ${from} → ${to}`).join('; '),
        problem,
      }));
    },
  },
  'account list': {
    usage: 'account list',
    does: 'lists all accounts with vendor, connection and state',
    run: ({ database }) => listAccountLines(database.sql),
  },
};

function named({ words }: Given, example: string): AccountId {
  const accountId = parseAccountId(words[0]);
  if (accountId === null) throw new Mistake(`Name the account: ${example}`);
  return accountId;
}

function must(problem: string | null): void {
  if (problem !== null) throw new Mistake(problem);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Mistake(`The file ${file} cannot be read.`);
  }
}
