'use client';

import { useState } from 'react';
import type { FleetAccount } from '../../contract/fleet.ts';
import { count } from '../kit/figures.ts';
import { useAct } from '../kit/use-act.ts';
import { FleetBulk } from './fleet-bulk.tsx';
import { FleetRow } from './fleet-row.tsx';
import type { FleetActions } from './fleet-wish.ts';
import { FormProblem } from '../kit/form-problem.tsx';

/** The accounts of one page; several can be chosen, for one act upon all of them. */
export function FleetList(props: {
  accounts: readonly FleetAccount[];
  vendors: readonly string[];
  actions: FleetActions;
}) {
  const { accounts, vendors, actions } = props;
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const { act, isPending, problem } = useAct();
  const chosen = accounts.filter(({ accountId }) => ids.has(accountId));
  const isAll = chosen.length === accounts.length;
  const choose = (accountId: string, isChosen: boolean) => {
    const next = new Set(ids);
    if (isChosen) next.add(accountId);
    else next.delete(accountId);
    setIds(next);
  };
  return (
    <section className="panel fleet" aria-label="Accounts">
      <div className="fleet__head">
        <label className="fleet__all">
          <input
            type="checkbox"
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = chosen.length > 0 && !isAll;
            }}
            onChange={() => setIds(new Set(isAll ? [] : accounts.map(({ accountId }) => accountId)))}
          />
          <span className="vh">Choose all on this page</span>
          <span className="phone-only" aria-hidden="true">
            Choose all
          </span>
        </label>
        {['Account', 'Vendor', 'Daily limit', 'Tags', 'State'].map((words) => (
          <span key={words} className="desk-only" aria-hidden="true">
            {words}
          </span>
        ))}
      </div>
      {chosen.length > 0 && (
        <div className="fleet__bulk" role="group" aria-label="Chosen accounts">
          <p>
            <b>{count(chosen.length)} chosen</b>
          </p>
          <FleetBulk {...{ chosen, vendors, actions, act, isPending }} onClear={() => setIds(new Set())} />
        </div>
      )}
      <FormProblem problem={problem} />
      <ul>
        {accounts.map((account) => (
          <li key={account.accountId} className="fleet__row">
            <FleetRow
              {...{ account, vendors, actions }}
              isChosen={ids.has(account.accountId)}
              onChoose={(isChosen) => choose(account.accountId, isChosen)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
