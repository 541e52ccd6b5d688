'use client';

import { useState } from 'react';
import { type ChannelFormKind, channelFormKinds, channelForms, fieldsOf } from '../../contract/channels.ts';
import type { Answer } from '../kit/use-act.ts';
import { ActForm } from './act-button.tsx';
import { SeverityField } from './severity-field.tsx';

/** The form for another channel: first its kind, then what that kind needs. */
export function NewChannel({ add }: { add: (form: FormData) => Promise<Answer> }) {
  const [kind, setKind] = useState<ChannelFormKind>('slack');
  return (
    <ActForm
      open="Add channel"
      words="Add channel"
      done="Added. Send it a test message."
      given={{}}
      act={add}
    >
      <label>
        Kind
        <select
          className="field"
          name="kind"
          value={kind}
          onChange={({ currentTarget: { value } }) =>
            setKind(channelFormKinds.find((one) => one === value) ?? 'slack')
          }
        >
          {channelFormKinds.map((one) => (
            <option key={one} value={one}>
              {channelForms[one].title}
            </option>
          ))}
        </select>
        <span className="muted">{channelForms[kind].help}</span>
      </label>
      <label>
        Name
        <input className="field" name="name" required maxLength={60} placeholder="Ops" autoComplete="off" />
      </label>
      {fieldsOf(kind).map(({ name, words, isSecret, example }) => (
        <label key={`${kind} ${name}`}>
          {words}
          <input
            className="field"
            name={name}
            required
            maxLength={4000}
            type={isSecret === true ? 'password' : 'text'}
            placeholder={example}
            autoComplete="off"
          />
          {isSecret === true && <span className="muted">Kept sealed and never shown again.</span>}
        </label>
      ))}
      <SeverityField severity="critical" />
    </ActForm>
  );
}
