import type { AwaitedAccount, FleetAsk, FleetView } from '../../contract/fleet.ts';
import { unassignedVendor } from '../../domain/account.ts';
import { states } from '../../domain/status.ts';
import { count } from '../kit/figures.ts';
import type { Answer } from '../kit/use-act.ts';
import { LocalTime } from '../live/instants.tsx';
import { ActButton, ActForm } from './act-button.tsx';
import { fleetAddress } from './fleet-ask.ts';
import { FleetList } from './fleet-list.tsx';
import type { FleetActions } from './fleet-wish.ts';
import { stateNames } from '../kit/state-names.ts';

/** The server actions of the page. */
interface Actions extends FleetActions {
  awaitOne(form: FormData): Promise<Answer>;
  forget(form: FormData): Promise<Answer>;
}

/** Every account with what is entered about it by hand: its vendor, its daily limit, its tags, and whether it is watched. */
export function Fleet(props: { view: FleetView; ask: FleetAsk; now: number; actions: Actions }) {
  const { view, ask, actions, now } = props;
  const { accounts, total, pages, awaited, vendors } = view;
  return (
    <>
      <div className="admin__bar">
        <p className="admin__sum">
          <b>
            {count(total)} {total === 1 ? 'account' : 'accounts'}
          </b>{' '}
          <span className="muted">{askWords(ask)}</span>
        </p>
        <div className="btns">
          <a className="btn" href="/admin/accounts/import">
            Import a list
          </a>
        </div>
      </div>
      <Filter view={view} ask={ask} />
      {accounts.length > 0 ? (
        <FleetList accounts={accounts} vendors={vendors} actions={actions} />
      ) : (
        <Nothing ask={ask} />
      )}
      {pages > 1 && <Pages ask={ask} pages={pages} />}
      <Awaited awaited={awaited} vendors={vendors} actions={actions} now={now} />
    </>
  );
}

function askWords({ words, vendor, connection, state }: FleetAsk): string {
  const parts = [state === null ? 'watched' : stateNames[state], vendor, connection, words && `“${words}”`];
  return parts.filter((part) => part !== null).join(' · ');
}

function Filter({ view, ask }: { view: FleetView; ask: FleetAsk }) {
  const choices = [
    {
      ...{ name: 'vendor', label: 'Vendor', value: ask.vendor, all: 'all' },
      options: [...view.vendors, unassignedVendor].map((one) => ({ value: one, words: one })),
    },
    {
      ...{ name: 'state', label: 'State', value: ask.state, all: 'all watched' },
      options: states.map((state) => ({ value: state, words: stateNames[state] })),
    },
    {
      ...{ name: 'connection', label: 'Connection', value: ask.connection, all: 'all' },
      options: view.connections.map((one) => ({ value: one, words: one })),
    },
  ];
  // A new question draws the fields anew, so that they show what is asked.
  return (
    <form key={fleetAddress(ask)} className="btns admin__filter" action="/admin/accounts" role="search">
      <label>
        Id, name, vendor or tag
        <input className="field" type="search" name="q" maxLength={100} defaultValue={ask.words ?? ''} />
      </label>
      {choices.map(({ name, label, value, all, options }) => (
        <label key={name}>
          {label}
          <select className="field" name={name} defaultValue={value ?? ''}>
            <option value="">{all}</option>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.words}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button className="btn">Show</button>
    </form>
  );
}

function Nothing({ ask }: { ask: FleetAsk }) {
  const isAsked = fleetAddress({ ...ask, page: 1 }) !== '/admin/accounts';
  return (
    <div className="empty">
      <h2>{isAsked ? 'No account fits' : 'No account yet'}</h2>
      <p>
        {isAsked
          ? `Nothing is ${askWords(ask)}.`
          : 'The accounts of each connection appear here by themselves, as soon as Meta has listed them.'}
      </p>
      <p className="btns">
        <a className="btn btn--primary" href={isAsked ? '/admin/accounts' : '/admin'}>
          {isAsked ? 'Show all' : 'Go to connections'}
        </a>
      </p>
    </div>
  );
}

function Pages({ ask, pages }: { ask: FleetAsk; pages: number }) {
  return (
    <nav className="btns" aria-label="Pages">
      {ask.page > 1 && (
        <a className="btn" href={fleetAddress({ ...ask, page: ask.page - 1 })}>
          Before
        </a>
      )}
      <span className="admin__page">
        Page {count(ask.page)} of {count(pages)}
      </span>
      {ask.page < pages && (
        <a className="btn" href={fleetAddress({ ...ask, page: ask.page + 1 })}>
          Next
        </a>
      )}
    </nav>
  );
}

/** What is entered before an account is found. */
function Awaited(props: {
  awaited: readonly AwaitedAccount[];
  vendors: readonly string[];
  now: number;
  actions: Actions;
}) {
  const { awaited, vendors, now, actions } = props;
  return (
    <section className="panel" aria-label="Accounts to come">
      <div className="panel__head">
        <h2>Accounts to come</h2>
      </div>
      <div className="panel__body">
        <p>
          Connections find their accounts by themselves, so none has to be added. What is to count for one
          that a vendor has announced can be entered here; it is applied when the account is found.
        </p>
        <ActForm open="Add account" words="Add account" done="Noted." given={{}} act={actions.awaitOne}>
          <label>
            Account id
            <input
              className="field"
              name="account"
              required
              placeholder="act_1234567890"
              autoComplete="off"
            />
          </label>
          <label>
            Vendor
            <select className="field" name="vendor" defaultValue={unassignedVendor}>
              {[unassignedVendor, ...vendors].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <label>
            Daily limit, in the account’s own currency
            <input className="field" name="dailyLimit" inputMode="decimal" autoComplete="off" />
          </label>
          <label>
            Tags, with commas between them
            <input className="field" name="tags" autoComplete="off" />
          </label>
        </ActForm>
      </div>
      <ul>
        {awaited.map(({ accountId, vendor, dailyLimit, tags, addedBy, addedAt }) => (
          <li key={accountId} className="entry">
            <p>
              <b>{accountId}</b>
              <span className="muted">
                {[vendor ?? unassignedVendor, dailyLimit && `limit ${dailyLimit}`, ...tags]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className="muted">
                by {addedBy}, <LocalTime at={addedAt} now={now} />
              </span>
            </p>
            <ActButton
              {...{ given: { account: accountId }, act: actions.forget, words: 'Forget' }}
              label={`Forget ${accountId}`}
              done="Forgotten."
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
