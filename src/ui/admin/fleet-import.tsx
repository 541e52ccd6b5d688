'use client';

import { useRef, useState, useTransition } from 'react';
import type { ImportAnswer, ImportLine } from '../../contract/fleet.ts';
import { count } from '../kit/figures.ts';
import { FormProblem } from '../kit/form-problem.tsx';
import { readSheet } from './read-sheet.ts';

type Done = Extract<ImportAnswer, { isDone: true }>;

const example = 'account id,vendor,daily limit,tags\nact_1234567890,Agency Alpha,250,"us,finance"';

/** A list from a spreadsheet: first what every row would change, then, when it is wanted so, the change. */
export function FleetImport({ importList }: { importList: (form: FormData) => Promise<ImportAnswer> }) {
  const [list, setList] = useState('');
  const [answer, setAnswer] = useState<Done | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, start] = useTransition();
  const heading = useRef<HTMLHeadingElement>(null);
  const write = (text: string) => {
    setList(text);
    // What was previewed is no longer what would be applied.
    setAnswer(null);
    setProblem(null);
  };
  const send = (apply: 'yes' | 'no') =>
    start(async () => {
      setProblem(null);
      const form = new FormData();
      form.set('list', list);
      form.set('apply', apply);
      try {
        const got = await importList(form);
        setAnswer(got.isDone ? got : null);
        if (!got.isDone) setProblem(got.problem);
        requestAnimationFrame(() => heading.current?.focus());
      } catch {
        setProblem('ArbHub did not answer. Look at the list of accounts before you try again.');
      }
    });
  return (
    <>
      <p className="admin__back">
        <a href="/admin/accounts">Back to the accounts</a>
      </p>
      <section className="panel" aria-label="List to import">
        <div className="panel__head">
          <h2>Import a list</h2>
        </div>
        <form
          className="panel__body act-form"
          onSubmit={(event) => {
            event.preventDefault();
            send('no');
          }}
        >
          <p>
            A CSV with account id, vendor, daily limit and tags, or cells copied out of a sheet. An empty cell
            leaves things as they are; “none” takes them away. Nothing is written before you have seen what
            each row changes.
          </p>
          <label>
            File
            <input
              className="field import__file"
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file !== undefined)
                  void file.arrayBuffer().then((bytes) => write(readSheet(new Uint8Array(bytes))));
              }}
            />
          </label>
          <label>
            Or paste it here
            <textarea
              className="field import__text"
              rows={8}
              required
              maxLength={500_000}
              spellCheck={false}
              placeholder={example}
              value={list}
              onChange={(event) => write(event.currentTarget.value)}
            />
          </label>
          <FormProblem problem={problem} />
          <div className="btns">
            <button className={answer === null ? 'btn btn--primary' : 'btn'} disabled={isPending}>
              Preview
            </button>
          </div>
        </form>
      </section>
      {answer !== null && (
        <section className="panel" aria-label="Preview">
          <div className="panel__head">
            <h2 ref={heading} tabIndex={-1}>
              {answer.isApplied ? 'Imported' : 'Preview'}
            </h2>
          </div>
          <Preview answer={answer} isPending={isPending} onApply={() => send('yes')} />
        </section>
      )}
    </>
  );
}

function Preview({ answer, isPending, onApply }: { answer: Done; isPending: boolean; onApply: () => void }) {
  const { lines, ignored, isApplied } = answer;
  const of = (fate: ImportLine['fate']) => lines.filter((line) => line.fate === fate).length;
  const good = of('changes') + of('awaited');
  const sums = [
    [of('changes'), isApplied ? 'changed' : 'would change'],
    [of('awaited'), 'not found yet: kept until a connection finds them'],
    [of('same'), 'as they are already'],
    [of('wrong'), isApplied ? 'left out' : 'wrong: they would be left out'],
  ] as const;
  return (
    <>
      <div className="panel__body">
        <p>
          {sums
            .filter(([times]) => times > 0)
            .map(([times, words]) => `${count(times)} ${words}`)
            .join(' · ')}
        </p>
        {ignored.length > 0 && <p className="muted">Columns that are not read: {ignored.join(', ')}.</p>}
        {!isApplied && good > 0 && (
          <div className="btns">
            <button type="button" className="btn btn--primary" disabled={isPending} onClick={onApply}>
              Apply {good === 1 ? '1 row' : `${count(good)} rows`}
            </button>
          </div>
        )}
        {isApplied && (
          <div className="btns">
            <a className="btn btn--primary" href="/admin/accounts">
              Go to the accounts
            </a>
          </div>
        )}
      </div>
      <ul>
        {lines.map((line) => (
          <li
            key={line.line}
            className="entry import__line"
            data-tone={line.fate === 'wrong' ? 'critical' : undefined}
          >
            <span className="muted import__no">Row {line.line}</span>
            <p>
              <b>{line.name ?? line.account}</b>
              {line.name !== null && <span className="muted">{line.account}</span>}
            </p>
            <Fate line={line} isApplied={isApplied} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Fate({ line: { fate, changes, problem }, isApplied }: { line: ImportLine; isApplied: boolean }) {
  if (fate === 'wrong')
    return (
      <p className="import__wrong">
        <b>{isApplied ? 'Left out' : 'Wrong'}</b> {problem}
      </p>
    );
  if (fate === 'same') return <p className="muted">As it is already</p>;
  return (
    <div className="import__changes">
      {fate === 'awaited' && <p className="muted">Not found yet: kept until a connection finds it</p>}
      {changes.map(({ what, from, to }) => (
        <p key={what}>
          <span className="import__what">{what}</span> {from} → <b>{to}</b>
        </p>
      ))}
    </div>
  );
}
