import type { KeyView } from '../../contract/own-sign-in.ts';
import type { Answer } from '../kit/use-act.ts';
import { KeyEntry } from './key-entry.tsx';

/** Every key by which a program reads. */
export function Keys(props: {
  keys: readonly KeyView[];
  /** Whether ARBHUB_API_KEY is set. */
  hasSettingsKey: boolean;
  now: number;
  revoke: (id: number) => Promise<Answer>;
}) {
  const { keys, hasSettingsKey, now, revoke } = props;
  const isEmpty = keys.length === 0 && !hasSettingsKey;
  return (
    <>
      <p className="muted">
        Admins and analysts make keys under <a href="/me#keys">Your settings</a>, the operator’s tool with{' '}
        <code>apikey add</code>. A key ends with the member who made it.
      </p>
      <section className="panel" aria-label="API keys">
        {isEmpty && <p className="panel__body">There are no keys.</p>}
        <ul>
          {hasSettingsKey && (
            <li className="entry">
              <p>
                <b>ARBHUB_API_KEY</b> <span className="chip">viewer</span>
                <span className="muted">
                  from the settings: it works for as long as it is set there, and cannot be revoked here
                </span>
              </p>
            </li>
          )}
          {keys.map((key) => (
            <KeyEntry key={key.id} entry={key} now={now} revoke={revoke} withMaker />
          ))}
        </ul>
      </section>
    </>
  );
}
