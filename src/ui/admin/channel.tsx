'use client';

import { channelForms, type ChannelsView, type ChannelView } from '../../contract/channels.ts';
import { alertTitle } from '../../domain/alert-words.ts';
import { alertKinds, isAlertKind } from '../../domain/rules.ts';
import { count } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import type { Answer } from '../kit/use-act.ts';
import { Ago, LocalTime } from '../live/instants.tsx';
import { ActButton, ActForm } from './act-button.tsx';
import { SeverityField, severityText } from './severity-field.tsx';

/** The server actions of the page. */
export type ChannelActions = Record<
  'add' | 'test' | 'preview' | 'set' | 'pause' | 'resume' | 'remove',
  (form: FormData) => Promise<Answer>
>;

/** One way to reach people: how it does, what it hears, and what can be done with it. */
export function Channel(props: {
  channel: ChannelView;
  view: ChannelsView;
  now: number;
  actions: ChannelActions;
}) {
  const { channel, view, now, actions } = props;
  const { name, kind, shown, offAt, offReason, lastSentAt, lastError, lastErrorAt, lastTookMs } = channel;
  const isFailing = lastErrorAt !== null && (lastSentAt === null || lastErrorAt > lastSentAt);
  const tone = offAt !== null ? 'bad' : isFailing ? 'watch' : 'ok';
  const given = { name };
  return (
    <section className="panel conn" data-tone={tone} aria-label={`Channel ${name}`}>
      <div>
        <h2>{name}</h2>
        <p className="muted">{titleOf(kind)}</p>
        <p className="muted">{shown ?? 'address in the settings of the server'}</p>
      </div>
      <dl className="facts-list">
        <div>
          <dt>State</dt>
          <dd>
            <Icon name={offAt !== null ? 'stopped' : isFailing ? 'warning' : 'active'} />
            {offAt !== null ? 'Not used' : isFailing ? 'Last try failed' : 'Used'}
          </dd>
        </div>
        <div>
          <dt>Last message</dt>
          <dd>
            {lastSentAt === null ? (
              'none yet'
            ) : (
              <>
                <Ago at={lastSentAt} /> ago
                {lastTookMs !== null && <span className="muted">taken in {count(lastTookMs)} ms</span>}
              </>
            )}
          </dd>
        </div>
        <Hears channel={channel} />
      </dl>
      {(offAt !== null || isFailing) && (
        <p className="conn__note" role="note">
          <Icon name="warning" />
          <span>
            {offAt !== null ? (
              <>
                Not used since <LocalTime at={offAt} now={now} />: {offReason ?? 'by hand'}. Others get what
                it would have got.
              </>
            ) : (
              <>
                {lastError} (<LocalTime at={lastErrorAt ?? now} now={now} />)
              </>
            )}
          </span>
        </p>
      )}
      <div className="conn__acts">
        <ActButton
          {...{ given, act: actions.test, done: '', words: 'Send test', label: `Send test to ${name}` }}
        />
        <ActForm
          key={JSON.stringify([
            channel.severity,
            channel.kinds,
            channel.vendors,
            channel.level,
            channel.member,
          ])}
          {...{ given, open: 'Routing', label: `Routing of ${name}`, words: 'Save', done: 'Saved.' }}
          act={(form) => actions.set(packed(form))}
          undo={() => {
            const before = hearingOf(channel);
            return () => actions.set(before);
          }}
        >
          <Routing channel={channel} view={view} />
        </ActForm>
        {offAt === null ? (
          <ActButton
            {...{ given, act: actions.pause, words: 'Pause', label: `Pause ${name}` }}
            done="Paused. Others get what it would have got."
            undo={(form) => () => actions.resume(form)}
          />
        ) : (
          <ActButton
            {...{ given, act: actions.resume, words: 'Resume', label: `Resume ${name}` }}
            done="It is used again."
          />
        )}
        <ActForm
          {...{ given, act: actions.remove, open: 'Remove', label: `Remove ${name}` }}
          words="Remove channel"
          done="Removed."
          isGrave
        >
          <p>Its settings are deleted, the secret ones too. What was sent by it stays on record.</p>
          <label>
            Type “{name}” to confirm
            <input className="field" name="confirmed" required autoComplete="off" />
          </label>
        </ActForm>
      </div>
    </section>
  );
}

function titleOf(kind: string): string {
  const known = Object.entries(channelForms).find(([one]) => one === kind);
  return known === undefined ? 'Browser notifications' : known[1].title;
}

function Hears({ channel }: { channel: ChannelView }) {
  const { severity, kinds, vendors, ownVendor, member, level } = channel;
  const narrowed = [
    kinds !== null && `only ${kinds.map((kind) => (isAlertKind(kind) ? alertTitle(kind) : kind)).join(', ')}`,
    vendors !== null && `only of ${vendors.join(', ')}`,
    member !== null && `quiet hours of ${member}`,
    level > 0 && `after ${level * 10} minutes without an answer`,
  ].filter((words) => words !== false);
  return (
    <div>
      <dt>Hears</dt>
      <dd>
        {ownVendor === null ? severityText(severity) : `${ownVendor}’s own channel`}
        {narrowed.map((words) => (
          <span key={words} className="muted">
            {words}
          </span>
        ))}
      </dd>
    </div>
  );
}

function Routing({ channel, view }: { channel: ChannelView; view: ChannelsView }) {
  const nobody = <option value="">nobody’s</option>;
  return (
    <>
      <SeverityField severity={channel.severity} />
      <Choices
        {...{ name: 'kind', legend: 'Only these kinds', chosen: channel.kinds ?? [] }}
        options={alertKinds.map((kind) => [kind, alertTitle(kind)])}
      />
      <Choices
        {...{ name: 'ofVendor', legend: 'Only accounts of these vendors', chosen: channel.vendors ?? [] }}
        options={view.vendors.map((vendor) => [vendor, vendor])}
      />
      <label>
        A vendor’s own channel
        <select className="field" name="ownVendor" defaultValue={channel.ownVendor ?? ''}>
          {nobody}
          {view.vendors.map((vendor) => (
            <option key={vendor}>{vendor}</option>
          ))}
        </select>
        <span className="muted">
          It is told of this vendor’s dead accounts alone, in words for the vendor.
        </span>
      </label>
      <label>
        Quiet hours that count
        <select className="field" name="member" defaultValue={channel.member ?? ''}>
          {nobody}
          {view.members.map((email) => (
            <option key={email}>{email}</option>
          ))}
        </select>
      </label>
      <label>
        When it hears
        <select className="field" name="level" defaultValue={channel.level}>
          {Array.from({ length: 10 }, (_, level) => (
            <option key={level} value={level}>
              {level === 0 ? 'at once' : `after ${level * 10} minutes without an answer`}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function Choices(props: {
  name: string;
  legend: string;
  chosen: readonly string[];
  options: readonly (readonly [string, string])[];
}) {
  const { name, legend, chosen, options } = props;
  if (options.length === 0) return null;
  return (
    <fieldset className="choices">
      <legend>
        {legend} <span className="muted">none chosen = all</span>
      </legend>
      {options.map(([value, words]) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

/** Several values of one field become lines of one. */
function packed(form: FormData): FormData {
  form.set('kinds', form.getAll('kind').join('\n'));
  form.set('vendors', form.getAll('ofVendor').join('\n'));
  return form;
}

/** What the form would send to have the routing as it is now. */
function hearingOf({ name, severity, kinds, vendors, ownVendor, member, level }: ChannelView): FormData {
  const form = new FormData();
  const fields = {
    ...{ name, severity, kinds: (kinds ?? []).join('\n'), vendors: (vendors ?? []).join('\n') },
    ...{ ownVendor: ownVendor ?? '', member: member ?? '', level: String(level) },
  };
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  return form;
}
