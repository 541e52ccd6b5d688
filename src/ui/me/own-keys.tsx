'use client';

import type { KeyView } from '../../contract/own-sign-in.ts';
import type { Role } from '../../domain/permissions.ts';
import { KeyEntry } from '../admin/key-entry.tsx';
import { OnceForm } from '../kit/once-form.tsx';
import type { KeyActions } from './own-actions.ts';

/** The reader's own keys for programs, and the form for another one. */
export function OwnKeys(props: { keys: readonly KeyView[]; role: Role; now: number; actions: KeyActions }) {
  const { keys, role, now, actions } = props;
  return (
    <>
      <div className="panel__body">
        <p>
          For a program that reads in your place: <code>Authorization: Bearer …</code>. A key never does more
          than you may yourself at that moment.
        </p>
        <OnceForm act={actions.addKey} words="Make a key" isPrimary>
          <div className="act-form__pair">
            <label>
              Name
              <input
                className="field"
                name="name"
                required
                maxLength={60}
                placeholder="Nightly report"
                autoComplete="off"
              />
            </label>
            <label>
              Role
              <select className="field" name="role" defaultValue="viewer">
                <option value="viewer">viewer: reads</option>
                {role !== 'viewer' && <option value="analyst">analyst: also exports</option>}
              </select>
            </label>
          </div>
        </OnceForm>
      </div>
      {keys.length > 0 && (
        <ul aria-label="Your API keys">
          {keys.map((key) => (
            <KeyEntry key={key.id} entry={key} now={now} revoke={actions.revokeKey} />
          ))}
        </ul>
      )}
    </>
  );
}
