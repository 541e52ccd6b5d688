import type { SystemView } from '../../contract/admin.ts';
import { count } from '../kit/figures.ts';
import { LocalTime } from '../live/instants.tsx';

type Cycle = NonNullable<SystemView['collecting']['cycles']['status']>;

/** How the product itself does: its cycles, its messages, its figures, its database. */
export function System({ view, now }: { view: SystemView; now: number }) {
  const { collecting, deliveries, database, metaVersion } = view;
  const { cycles, detection } = collecting;
  const audit = collecting.accuracy[0];
  return (
    <div className="admin__system">
      <CyclePanel title="Status sweep" cycle={cycles.status} now={now} />
      <CyclePanel title="Figures" cycle={cycles.metrics} now={now} />
      <Panel
        title="Seeing changes, 30 days"
        facts={[
          ['Changes of status', count(detection.changes)],
          ['Half were seen within', seconds(detection.p50_seconds)],
          ['95% were seen within', seconds(detection.p95_seconds)],
        ]}
      />
      <Panel
        title="Accuracy, last night"
        facts={
          audit === undefined
            ? [['Accounts compared', 'none yet']]
            : [
                ['Accounts compared', count(audit.accounts)],
                ['Within 2% of the closed day', count(audit.within_2_percent)],
              ]
        }
      />
      <Panel
        title="Messages"
        facts={[
          ['Waiting', count(deliveries.due)],
          ['Tried again', count(deliveries.retrying)],
          ['Undeliverable, 7 days', count(deliveries.dead)],
        ]}
      />
      <Panel
        title="Database and Meta"
        facts={[
          ['PostgreSQL', database.version],
          ['Size', bytes(database.bytes)],
          ['Graph API', metaVersion],
        ]}
      />
    </div>
  );
}

function CyclePanel({ title, cycle, now }: { title: string; cycle: Cycle | null; now: number }) {
  if (cycle === null) return <Panel title={title} facts={[['Last one', 'none yet']]} />;
  const failures = Object.entries(cycle.failures).map(([kind, times]) => `${kind} ${count(times)}`);
  return (
    <Panel
      title={title}
      facts={[
        ['Last one', <LocalTime key="at" at={Date.parse(cycle.finished_at)} now={now} />],
        ['Took', seconds(cycle.duration_ms / 1000)],
        ['Accounts read', `${count(cycle.succeeded)} of ${count(cycle.attempted)}`],
        ['Failures', failures.length === 0 ? 'none' : failures.join(', ')],
        ['Calls as Meta counts them', count(cycle.counted_calls)],
        [
          'Highest use of a limit',
          cycle.highest_usage_percent === null ? '–' : `${cycle.highest_usage_percent}%`,
        ],
        ['Meta’s answers, mean', cycle.meta_mean_ms === null ? '–' : `${count(cycle.meta_mean_ms)} ms`],
        ['Slow queries', count(cycle.slow_queries)],
      ]}
    />
  );
}

function Panel({ title, facts }: { title: string; facts: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <section className="panel" aria-label={title}>
      <div className="panel__head">
        <h2>{title}</h2>
      </div>
      <dl className="panel__body facts-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${count(Math.round(value * 10) / 10)} s`;
}

function bytes(value: number): string {
  return `${count(Math.round(value / 1_000_000))} MB`;
}
