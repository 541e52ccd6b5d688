import type { AlertAsk, AlertScreenView, AlertTab, AlertView } from '../../contract/alert-view.ts';
import { alertKinds } from '../../domain/rules.ts';
import { alertTitle } from '../../domain/alert-words.ts';
import { may, type Role } from '../../domain/permissions.ts';
import { Icon } from '../kit/icon.tsx';
import { AlertActs, type AlertActions } from './alert-acts.tsx';
import { askAddress } from './alert-ask.ts';
import { AlertLife } from './alert-life.tsx';
import { isIncident } from './alert-look.ts';
import { AlertRow } from './alert-row.tsx';
import { FilterSelect } from './filter-select.tsx';
import { Incident } from './incident.tsx';
import { NoAlerts } from './no-alerts.tsx';
import { Silences } from './silences.tsx';

interface ScreenProps {
  view: AlertScreenView;
  ask: AlertAsk;
  viewer: { email: string; role: Role };
  actions: AlertActions;
}

/** What holds, worst first; the life of the chosen alert beside it; what people can do. */
export function AlertsScreen({ view, ask, viewer, actions }: ScreenProps) {
  const { alerts, chosen, now } = view;
  const incidents = ask.tab === 'open' || ask.tab === 'all' ? alerts.filter(isIncident) : [];
  const rows = alerts.filter((alert) => !incidents.includes(alert));
  const actor = { role: viewer.role, name: viewer.email };
  const actsOf = (alert: AlertView) =>
    alert.state === 'open' && may(actor, 'alerts:acknowledge') ? (
      <AlertActs
        key={alert.id}
        alertId={alert.id}
        kind={alert.kind}
        kindWords={alertTitle(alert.kind)}
        account={accountOf(alert)}
        isAdmin={may(actor, 'rules:change')}
        acknowledge={actions.acknowledge}
        snooze={actions.snooze}
        silence={actions.silence}
      />
    ) : null;
  const addressOf = (alert: AlertView) => askAddress(ask, { chosen: alert.id });

  return (
    <>
      <div className="page-head">
        <h1>Alerts</h1>
        <Tabs view={view} ask={ask} />
        <form className="page-head__end" action="/alerts">
          {ask.tab !== 'open' && <input type="hidden" name="state" value={ask.tab} />}
          <FilterSelect
            key={`kind ${ask.kind}`}
            name="kind"
            label="Kind"
            value={ask.kind}
            all="All kinds"
            options={alertKinds.map((kind) => ({ value: kind, words: alertTitle(kind) }))}
          />
          <FilterSelect
            key={`vendor ${ask.vendor}`}
            name="vendor"
            label="Vendor"
            value={ask.vendor}
            all="All vendors"
            options={[...view.vendors, 'Unassigned'].map((vendor) => ({ value: vendor, words: vendor }))}
          />
          <noscript>
            <button className="btn">Show</button>
          </noscript>
        </form>
      </div>
      <div className="alerts" data-chosen={ask.chosen !== null || undefined}>
        {incidents.length > 0 && (
          <div className="alerts__incidents">
            {incidents.map((alert) => (
              <Incident key={alert.id} alert={alert} href={addressOf(alert)} now={now} acts={actsOf(alert)} />
            ))}
          </div>
        )}
        <div className="split" data-alone={chosen === null || undefined}>
          <div className="alerts__list">
            {rows.length > 0 ? (
              <section className="panel" aria-label={tabWords[ask.tab]}>
                <List rows={rows} chosenId={chosen?.id ?? null} addressOf={addressOf} now={now} />
              </section>
            ) : (
              incidents.length === 0 && <NoAlerts view={view} ask={ask} />
            )}
            {view.olderThan !== null && (
              <p className="btns">
                <a className="btn" href={askAddress(ask, { before: view.olderThan, chosen: null })} data-soft>
                  Older alerts
                </a>
              </p>
            )}
            <p className="btns phone-only">
              <a className="btn" href="/me">
                <Icon name="bell" />
                Get alerts on this phone
              </a>
            </p>
            {view.silences.length > 0 && (
              <Silences silences={view.silences} now={now} endSilence={actions.endSilence} />
            )}
          </div>
          {chosen !== null && (
            <AlertLife
              alert={chosen}
              now={now}
              acts={
                incidents.some(({ id }) => id === chosen.id) && ask.chosen === null ? null : actsOf(chosen)
              }
              back={askAddress(ask, { chosen: null })}
            />
          )}
        </div>
      </div>
    </>
  );
}

/** Rows under the headings of their states. */
function List(props: {
  rows: AlertView[];
  chosenId: number | null;
  addressOf: (alert: AlertView) => string;
  now: number;
}) {
  const heads = { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' } as const;
  return (['open', 'acknowledged', 'resolved'] as const).map((state) => {
    const rows = props.rows.filter((alert) => alert.state === state);
    if (rows.length === 0) return null;
    return (
      <section key={state} aria-labelledby={`list-${state}`}>
        <h2 className="list-head" id={`list-${state}`}>
          {heads[state]}
          {state === 'resolved' ? '' : ` ${rows.length}`}
        </h2>
        <ul>
          {rows.map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              href={props.addressOf(alert)}
              isChosen={alert.id === props.chosenId}
              now={props.now}
            />
          ))}
        </ul>
      </section>
    );
  });
}

const tabWords: Readonly<Record<AlertTab, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  all: 'All',
};

function Tabs({ view, ask }: { view: AlertScreenView; ask: AlertAsk }) {
  const counts: Partial<Record<AlertTab, number>> = view.counts;
  return (
    <nav className="seg" aria-label="Which alerts">
      {(Object.keys(tabWords) as AlertTab[]).map((tab) => (
        <a
          key={tab}
          className="btn"
          href={askAddress(ask, { tab, chosen: null, before: null })}
          aria-current={ask.tab === tab ? 'page' : undefined}
          data-soft
        >
          {tabWords[tab]} {counts[tab]}
        </a>
      ))}
    </nav>
  );
}

function accountOf({ accountCount, accounts }: AlertView) {
  const [account] = accounts;
  if (accountCount !== 1 || account === undefined) return null;
  const { accountId, name, vendor } = account;
  return { accountId, name: name ?? accountId, vendor };
}
