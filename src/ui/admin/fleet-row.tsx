import type { FleetAccount } from '../../contract/fleet.ts';
import { unassignedVendor } from '../../domain/account.ts';
import { money } from '../kit/figures.ts';
import { ActButton, ActForm } from './act-button.tsx';
import { answerOf, type FleetActions, listForm, undoOf, wishOfForm } from './fleet-wish.ts';
import { stateNames } from '../kit/state-names.ts';

/** One account: what is entered about it, and the form to enter something else. */
export function FleetRow(props: {
  account: FleetAccount;
  vendors: readonly string[];
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  actions: FleetActions;
}) {
  const { account, isChosen, onChoose } = props;
  const { accountId, name, vendor, connection, currency, state, isArchived, archivedBy, tags } = account;
  const { operatorLimit, limitMinor } = account;
  return (
    <>
      <input
        type="checkbox"
        checked={isChosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
        aria-label={`Choose ${accountId}`}
      />
      <p className="fleet__name">
        <a href={`/accounts/${accountId}`}>{name ?? accountId}</a>
        <span className="muted">
          {name === null ? '' : `${accountId} · `}
          {connection}
        </span>
      </p>
      <Fact words="Vendor">{vendor ?? <span className="muted">{unassignedVendor}</span>}</Fact>
      <Fact words="Daily limit">
        {limitMinor === null ? <span className="muted">–</span> : money(limitMinor, currency)}
        <span className="muted">
          {operatorLimit !== null ? 'entered' : limitMinor === null ? 'not known' : 'from Meta'}
        </span>
      </Fact>
      <Fact words="Tags">
        {tags.length === 0 ? <span className="muted">–</span> : tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}
      </Fact>
      <Fact words="State">
        {stateNames[state]}
        {isArchived && (
          <span className="muted">{archivedBy === null ? 'no connection' : `by ${archivedBy}`}</span>
        )}
      </Fact>
      <Acts {...props} />
    </>
  );
}

function Fact({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <p className="fleet__fact">
      <span className="fleet__label">{words}</span>
      <span>{children}</span>
    </p>
  );
}

function Tag({ children }: { children: string }) {
  return <span className="chip">{children}</span>;
}

function Acts({
  account,
  vendors,
  actions,
}: {
  account: FleetAccount;
  vendors: readonly string[];
  actions: FleetActions;
}) {
  const { accountId, vendor, operatorLimit, currency, tags, isArchived } = account;
  const send = async (form: FormData) => answerOf(await actions.change(form));
  const one = () => listForm('accounts', [accountId]);
  const archive = async () => answerOf(await actions.archive(one()));
  const restore = async () => answerOf(await actions.restore(one()));
  return (
    <div className="fleet__acts">
      <ActForm
        // What was saved elsewhere meanwhile is what the form begins with.
        key={[vendor, operatorLimit, ...tags].join('\n')}
        {...{
          open: 'Edit',
          label: `Edit ${accountId}`,
          words: 'Save',
          done: `Saved ${accountId}.`,
          given: {},
        }}
        act={(form) => {
          const wish = wishOfForm(account, form);
          return Object.keys(wish).length === 1
            ? Promise.resolve({ isDone: true, told: 'Nothing was changed.' })
            : send(listForm('wishes', [wish]));
        }}
        undo={(form) => {
          const wish = wishOfForm(account, form);
          return Object.keys(wish).length === 1
            ? undefined
            : () => send(listForm('wishes', [undoOf(account, wish)]));
        }}
      >
        <VendorField vendors={vendors} vendor={vendor} />
        <label>
          Daily limit in {currency}; empty: as Meta tells it
          <input
            className="field"
            name="dailyLimit"
            inputMode="decimal"
            autoComplete="off"
            defaultValue={operatorLimit ?? ''}
          />
        </label>
        <label>
          Tags, with commas between them
          <input className="field" name="tags" autoComplete="off" defaultValue={tags.join(', ')} />
        </label>
      </ActForm>
      {isArchived ? (
        <ActButton
          {...{ given: {}, words: 'Restore', label: `Restore ${accountId}`, act: restore }}
          done={`${accountId} is read again from the next sweep on.`}
          undo={() => archive}
        />
      ) : (
        <ActButton
          {...{ given: {}, words: 'Archive', label: `Archive ${accountId}`, act: archive }}
          done={`Archived ${accountId}: it is not read any more.`}
          undo={() => restore}
        />
      )}
    </div>
  );
}

/** Whose an account is. */
export function VendorField({ vendors, vendor }: { vendors: readonly string[]; vendor: string | null }) {
  return (
    <label>
      Vendor
      <select className="field" name="vendor" defaultValue={vendor ?? unassignedVendor}>
        {[unassignedVendor, ...vendors].map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
