import type { ReactNode } from 'react';
import type { DigestView } from '../../contract/digest.ts';
import {
  accuracyWords,
  belowWords,
  dayWords,
  type DigestFigures,
  isSlow,
  livesWords,
  secondsWords,
  troubleWords,
} from '../../domain/digest.ts';
import { count, money } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import { LocalTime } from '../live/instants.tsx';

/** The digest of a day: each question with its answer first, then the figures behind it. */
export function DigestScreen({ view }: { view: DigestView }) {
  const { figures, before, after } = view;
  const { day, until, vendors, lowest, died, returned, connections, slowQueries, audit, channels } = figures;
  const slow = connections.filter(isSlow);
  return (
    <article className="digest">
      <div className="page-head">
        <h1>Digest of {dayWords(day)}</h1>
        <nav className="page-head__end" aria-label="Other days">
          {before !== null && (
            <a className="btn" href={`/alerts/digest/${before}`}>
              {dayWords(before)}
            </a>
          )}
          {after !== null && (
            <a className="btn" href={`/alerts/digest/${after}`}>
              {dayWords(after)}
            </a>
          )}
          <a className="btn" href="/alerts?state=all&kind=daily_digest">
            All digests
          </a>
        </nav>
      </div>
      <p className="muted">
        The 24 hours before <LocalTime at={until} now={null} />
      </p>
      <Part
        title="What died, what came back"
        isGood={died.length === 0}
        verdict={livesWords(died.length, returned.length)}
      >
        <Lives title="Died" rows={died} until={until} />
        <Lives title="Came back" rows={returned} until={until} />
      </Part>
      <Part
        title="Closed account-days below 70% of their limit"
        isGood={vendors.every(({ below }) => below === 0)}
        verdict={belowWords(vendors)}
      >
        {vendors.length > 0 && <Vendors vendors={vendors} />}
        {lowest.length > 0 && <Lowest lowest={lowest} />}
      </Part>
      <Part
        title="Speed"
        isGood={slow.length === 0 && slowQueries === 0}
        verdict={speedWords(connections, slowQueries)}
      >
        {connections.length > 0 && (
          <Table
            caption="Answers of Meta by connection"
            head={['Connection', 'Requests', 'Mean']}
            rows={connections.map(({ connection, requests, meanMs }) => [
              connection,
              count(requests),
              secondsWords(meanMs),
            ])}
          />
        )}
      </Part>
      <Part
        title="Accuracy"
        isGood={audit === null || audit.within === audit.accounts}
        verdict={
          audit === null
            ? 'No closed day could be compared.'
            : `${accuracyWords(audit)} of what Meta says now.`
        }
      />
      <Part
        title="Messages"
        isGood={channels.length === 0}
        verdict={channels.length === 0 ? 'Every message went out.' : 'Some messages did not go out.'}
      >
        {channels.length > 0 && (
          <Table
            caption="Channels with trouble"
            head={['Channel', 'Trouble']}
            rows={channels.map((channel) => [channel.channel, troubleWords(channel)])}
          />
        )}
      </Part>
    </article>
  );
}

/** How fast Meta and the database were. */
function speedWords(connections: DigestFigures['connections'], slowQueries: number): string {
  const slow = connections.filter(isSlow).length;
  const meta =
    connections.length === 0
      ? 'Meta was not asked.'
      : slow === 0
        ? 'Meta answered within 3 s on average.'
        : `Meta took more than 3 s on average on ${slow === 1 ? '1 connection' : `${slow} connections`}.`;
  return slowQueries === 0
    ? meta
    : `${meta} ${count(slowQueries)} ${slowQueries === 1 ? 'statement' : 'statements'} of the database took more than 200 ms.`;
}

function Part(props: { title: string; isGood: boolean; verdict: string; children?: ReactNode }) {
  return (
    <section className="panel">
      <div className="panel__body">
        <h2>{props.title}</h2>
        <p className="verdict" data-tone={props.isGood ? 'good' : 'warning'}>
          <Icon name={props.isGood ? 'check' : 'warning'} />
          {props.verdict}
        </p>
        {props.children}
      </div>
    </section>
  );
}

function Lives({ title, rows, until }: { title: string; rows: DigestFigures['died']; until: number }) {
  if (rows.length === 0) return null;
  return (
    <Table
      caption={title}
      isCaptionShown
      head={['Account', 'Vendor', 'When']}
      rows={rows.map(({ accountId, name, vendor, at }) => [
        <a key="a" href={`/dashboard?q=${accountId}`}>
          {name ?? accountId}
        </a>,
        vendor,
        <LocalTime key="t" at={at} now={until} />,
      ])}
    />
  );
}

function Vendors({ vendors }: Pick<DigestFigures, 'vendors'>) {
  return (
    <Table
      caption="By vendor"
      head={['Vendor', 'Closed days', 'Below 70%']}
      rows={vendors.map(({ vendor, days, below }) => [vendor, count(days), count(below)])}
    />
  );
}

function Lowest({ lowest }: Pick<DigestFigures, 'lowest'>) {
  return (
    <Table
      caption="Furthest below"
      isCaptionShown
      head={['Account', 'Spent of limit', 'Share']}
      rows={lowest.map(({ accountId, name, spendMinor, limitMinor, currency }) => [
        <a key="a" href={`/dashboard?q=${accountId}`}>
          {name ?? accountId}
        </a>,
        `${money(spendMinor, currency)} of ${money(limitMinor, currency)}`,
        `${Math.floor((spendMinor / limitMinor) * 100)}%`,
      ])}
    />
  );
}

/** A small table; the first column names its row, the last one holds figures. */
function Table(props: { caption: string; isCaptionShown?: boolean; head: string[]; rows: ReactNode[][] }) {
  return (
    <table className="mini">
      <caption className={props.isCaptionShown === true ? undefined : 'vh'}>{props.caption}</caption>
      <thead>
        <tr>
          {props.head.map((words, place) => (
            <th key={words} scope="col" className={place === props.head.length - 1 ? 'num' : undefined}>
              {words}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map(([name, ...cells], row) => (
          <tr key={row}>
            <th scope="row">{name}</th>
            {cells.map((cell, place) => (
              <td key={place} className={place === cells.length - 1 ? 'num' : undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
