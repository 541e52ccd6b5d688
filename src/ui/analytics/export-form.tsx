'use client';

import { formOf } from '../kit/form-of.ts';
import { useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { useHands } from '../kit/toasts.tsx';
import { exportAddress } from './export-ask.ts';

/** Takes the history out as a file for a spreadsheet. Days are those of UTC. */
export function ExportForm({ from, to, vendors }: { from: string; to: string; vendors: readonly string[] }) {
  const { say } = useHands();
  const [problem, setProblem] = useState<string | null>(null);
  return (
    <details className="export">
      <summary className="btn">
        <Icon name="down" />
        Export CSV
      </summary>
      <form
        className="act-form export__form panel"
        onSubmit={(event) => {
          const form = formOf(event);
          const text = (name: string) => String(form.get(name) ?? '').trim();
          const address = exportAddress({
            ...{ from: text('from'), to: text('to'), every: text('every') },
            ...{ vendor: text('vendor'), account: text('account') },
          });
          setProblem('problem' in address ? address.problem : null);
          if ('problem' in address) return;
          // A refusal is a failed download then, and not a page in place of this one.
          const link = document.createElement('a');
          link.href = address.href;
          link.download = '';
          link.click();
          say('Your file is on its way.', 4000);
        }}
      >
        <div className="export__days">
          <label>
            First day
            <input className="field" type="date" name="from" required defaultValue={from} />
          </label>
          <label>
            Last day
            <input className="field" type="date" name="to" required defaultValue={to} />
          </label>
        </div>
        <label>
          A row for
          <select className="field" name="every" defaultValue="1d">
            <option value="1d">each closed account-day</option>
            <option value="1h">each hour</option>
            <option value="5m">every 5 minutes</option>
          </select>
        </label>
        <label>
          Vendor
          <select className="field" name="vendor" defaultValue="">
            <option value="">all</option>
            {vendors.map((vendor) => (
              <option key={vendor}>{vendor}</option>
            ))}
          </select>
        </label>
        <label>
          Account, empty = all
          <input className="field" name="account" placeholder="act_1234567890" autoComplete="off" />
        </label>
        <p className="muted">
          At most 400 days in a file and 20 files an hour. 5-minute rows reach back 30 days, days as far as
          there are any. Each export is in the audit log.
        </p>
        {problem !== null && (
          <p className="form-error" role="alert">
            <Icon name="warning" />
            <span>{problem}</span>
          </p>
        )}
        <div className="btns">
          <button className="btn btn--primary">Download</button>
        </div>
      </form>
    </details>
  );
}
