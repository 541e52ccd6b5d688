'use client';

import type { VendorView } from '../../contract/vendors.ts';
import { count, money } from '../kit/figures.ts';
import type { Answer } from '../kit/use-act.ts';
import { ActButton, ActForm } from './act-button.tsx';

/** The server actions of the page. */
export type VendorActions = Record<'add' | 'set' | 'pause' | 'resume', (form: FormData) => Promise<Answer>>;

/** One vendor: accounts, contact, promises, its own channel. */
export function Vendor({ vendor, actions }: { vendor: VendorView; actions: VendorActions }) {
  const { name, businessIds, accounts, down, contactName, contactEmail, contactTelegram, note } = vendor;
  const contact = [contactName, contactEmail, contactTelegram].filter((one) => one !== null);
  return (
    <section className="panel conn" aria-label={`Vendor ${name}`}>
      <div>
        <h2>{name}</h2>
        <p className="muted">
          <a href={`/admin/accounts?vendor=${encodeURIComponent(name)}`}>
            {accounts === 1 ? '1 account' : `${count(accounts)} accounts`}
          </a>
          {down > 0 && ` · ${count(down)} down`}
        </p>
        {businessIds.map((id) => (
          <p key={id} className="muted">
            Business Manager {id}
          </p>
        ))}
      </div>
      <dl className="facts-list">
        <div>
          <dt>Contact</dt>
          <dd>
            {contact.length === 0 ? <None /> : (contactName ?? '')}
            {contactEmail !== null && (
              <span className="muted">
                <a href={`mailto:${contactEmail}`}>{contactEmail}</a>
              </span>
            )}
            {contactTelegram !== null && (
              <span className="muted">
                <a href={`https://t.me/${contactTelegram.slice(1)}`} rel="noreferrer">
                  {contactTelegram}
                </a>
              </span>
            )}
          </dd>
        </div>
        <Promises vendor={vendor} />
        <Own channels={vendor.channels} />
      </dl>
      {note !== null && <p className="conn__words">{note}</p>}
      <div className="conn__acts">
        <ActForm
          key={JSON.stringify(vendor)}
          {...{ given: { vendor: name }, open: 'Edit', label: `Edit ${name}`, words: 'Save', done: 'Saved.' }}
          act={actions.set}
          undo={(form) => {
            const before = formOf(vendor, String(form.get('name')));
            return () => actions.set(before);
          }}
        >
          <VendorFields vendor={vendor} />
        </ActForm>
        {vendor.channels.map((channel) => (
          <ActButton
            key={channel.name}
            given={{ name: channel.name }}
            act={channel.isOn ? actions.pause : actions.resume}
            words={channel.isOn ? 'Stop telling it' : 'Tell it again'}
            label={`${channel.isOn ? 'Stop telling' : 'Tell'} ${name} by ${channel.name}`}
            done={channel.isOn ? 'Its channel rests.' : 'Its channel is used again.'}
            undo={(form) => () => (channel.isOn ? actions.resume : actions.pause)(form)}
          />
        ))}
      </div>
    </section>
  );
}

const None = () => <span className="muted">not entered</span>;

function Promises({ vendor }: { vendor: VendorView }) {
  const { promisedHours, promisedLimitMinor, promisedCurrency, feeNote, promisedAccounts, belowPromise } =
    vendor;
  return (
    <>
      <div>
        <dt>Promised replacement</dt>
        <dd>{promisedHours === null ? <None /> : `within ${count(promisedHours)} h`}</dd>
      </div>
      <div>
        <dt>Promised daily limit</dt>
        <dd>
          {promisedLimitMinor === null || promisedCurrency === null ? (
            <None />
          ) : (
            <>
              {money(promisedLimitMinor, promisedCurrency)}
              <span className="muted">
                {belowPromise === 0
                  ? `none of ${count(promisedAccounts)} ${promisedCurrency} accounts is below`
                  : `${count(belowPromise)} of ${count(promisedAccounts)} ${promisedCurrency} accounts below`}
              </span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Price</dt>
        <dd>{feeNote ?? <None />}</dd>
      </div>
    </>
  );
}

function Own({ channels }: { channels: VendorView['channels'] }) {
  return (
    <div>
      <dt>Own channel</dt>
      <dd>
        {channels.length === 0 ? (
          <a href="/admin/channels">none yet</a>
        ) : (
          channels.map(({ name, isOn }) => (
            <span key={name} className="conn__line">
              {name}
              {!isOn && <span className="muted">rests</span>}
            </span>
          ))
        )}
      </dd>
    </div>
  );
}

function VendorFields({ vendor }: { vendor: VendorView }) {
  const field = (name: string, words: string, value: string | null, more: object = {}) => (
    <label>
      {words}
      <input className="field" name={name} defaultValue={value ?? ''} autoComplete="off" {...more} />
    </label>
  );
  const hours = vendor.promisedHours === null ? null : String(vendor.promisedHours);
  return (
    <>
      {field('name', 'Name', vendor.name, { required: true, maxLength: 100 })}
      {field('businesses', 'Business Manager ids, with commas between them', vendor.businessIds.join(', '))}
      {field('contactName', 'Contact', vendor.contactName, { maxLength: 100 })}
      {field('contactEmail', 'E-mail', vendor.contactEmail, { type: 'email' })}
      {field('contactTelegram', 'Telegram', vendor.contactTelegram, { placeholder: '@name' })}
      {field('promisedHours', 'Replaces a dead account within hours', hours, { inputMode: 'numeric' })}
      <div className="act-form__pair">
        {field('promisedLimit', 'Daily limit of each account', vendor.promisedLimit, {
          inputMode: 'decimal',
        })}
        {field('promisedCurrency', 'Currency', vendor.promisedCurrency ?? 'USD', { maxLength: 3 })}
      </div>
      {field('feeNote', 'Price or fee', vendor.feeNote, { maxLength: 500, placeholder: '5% of spend' })}
      <label>
        Note
        <textarea
          className="field import__text"
          name="note"
          rows={3}
          maxLength={2000}
          defaultValue={vendor.note ?? ''}
        />
      </label>
    </>
  );
}

/** What the form would send to have the vendor as it is now, after it was called something else. */
function formOf(vendor: VendorView, called: string): FormData {
  const form = new FormData();
  const fields = {
    ...{ vendor: called.trim(), name: vendor.name, businesses: vendor.businessIds.join(' ') },
    ...{ contactName: vendor.contactName, contactEmail: vendor.contactEmail },
    ...{ contactTelegram: vendor.contactTelegram, note: vendor.note, feeNote: vendor.feeNote },
    ...{ promisedHours: vendor.promisedHours, promisedLimit: vendor.promisedLimit },
    promisedCurrency: vendor.promisedCurrency,
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value === null ? '' : String(value));
  return form;
}
