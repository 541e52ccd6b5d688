import type { FleetAccount } from '../../contract/fleet.ts';
import { count } from '../kit/figures.ts';
import type { Answer, useAct } from '../kit/use-act.ts';
import { ActForm } from './act-button.tsx';
import { VendorField } from './fleet-row.tsx';
import { answerOf, changedTags, type FleetActions, type FleetWish, listForm, undoOf } from './fleet-wish.ts';

interface BulkProps {
  chosen: readonly FleetAccount[];
  vendors: readonly string[];
  actions: FleetActions;
  act: ReturnType<typeof useAct>['act'];
  isPending: boolean;
  onClear: () => void;
}

/** One act upon all chosen accounts. */
export function FleetBulk({ chosen, vendors, actions, act, isPending, onClear }: BulkProps) {
  const send = async (wishes: readonly FleetWish[]): Promise<Answer> =>
    answerOf(await actions.change(listForm('wishes', wishes)));
  const wishForm = (wishOf: (account: FleetAccount, form: FormData) => Omit<FleetWish, 'account'>) => {
    const wishes = (form: FormData) =>
      chosen.map((account) => ({ account: account.accountId, ...wishOf(account, form) }));
    return {
      given: {},
      done: `Done for ${many(chosen.length)}.`,
      act: (form: FormData) => send(wishes(form)),
      undo: (form: FormData) => {
        const before = chosen.map((account) =>
          undoOf(account, { account: account.accountId, ...wishOf(account, form) }),
        );
        return () => send(before);
      },
    };
  };
  const currencies = [...new Set(chosen.map(({ currency }) => currency))];
  const [watched, archived] = [
    chosen.filter(({ isArchived }) => !isArchived),
    chosen.filter(({ isArchived }) => isArchived),
  ];
  const move = (those: readonly FleetAccount[], to: 'archive' | 'restore') => async () =>
    answerOf(
      await actions[to](
        listForm(
          'accounts',
          those.map(({ accountId }) => accountId),
        ),
      ),
    );
  return (
    <div className="btns">
      <ActForm
        {...wishForm((_account, form) => ({ vendor: String(form.get('vendor')) }))}
        open="Assign vendor"
        words={`Assign ${many(chosen.length)}`}
      >
        <VendorField vendors={vendors} vendor={null} />
      </ActForm>
      <ActForm
        {...wishForm((_account, form) => ({ dailyLimit: String(form.get('dailyLimit')).trim() || 'none' }))}
        open="Enter limit"
        words={`Enter for ${many(chosen.length)}`}
      >
        {currencies.length > 1 && (
          <p role="note">
            They are in {currencies.join(', ')}: 250 would be 250 of each. Choose accounts of one currency.
          </p>
        )}
        <label>
          Daily limit{currencies.length === 1 && ` in ${currencies[0]}`}; empty: as Meta tells it
          <input className="field" name="dailyLimit" inputMode="decimal" autoComplete="off" />
        </label>
      </ActForm>
      <ActForm
        {...wishForm(({ tags }, form) => ({
          tags: changedTags(tags, String(form.get('add')), String(form.get('remove'))),
        }))}
        open="Change tags"
        words={`Change for ${many(chosen.length)}`}
      >
        <label>
          Add tags, with commas between them
          <input className="field" name="add" autoComplete="off" />
        </label>
        <label>
          Take tags away
          <input className="field" name="remove" autoComplete="off" />
        </label>
      </ActForm>
      {watched.length > 0 && (
        <button
          type="button"
          className="btn"
          disabled={isPending}
          onClick={() =>
            act(move(watched, 'archive'), `Archived ${many(watched.length)}.`, move(watched, 'restore'))
          }
        >
          Archive {count(watched.length)}
        </button>
      )}
      {archived.length > 0 && (
        <button
          type="button"
          className="btn"
          disabled={isPending}
          onClick={() =>
            act(move(archived, 'restore'), `Restored ${many(archived.length)}.`, move(archived, 'archive'))
          }
        >
          Restore {count(archived.length)}
        </button>
      )}
      <button type="button" className="btn" onClick={onClear}>
        Choose none
      </button>
    </div>
  );
}

function many(accounts: number): string {
  return accounts === 1 ? '1 account' : `${count(accounts)} accounts`;
}
