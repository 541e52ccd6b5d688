'use client';

import { useRef, useState, useTransition } from 'react';
import { useHands } from '../kit/toasts.tsx';

type Answer = { isDone: true } | { isDone: false; problem: string };

/** The server actions of the page. */
export interface WordActions {
  addNote(accountId: string, words: string): Promise<Answer>;
  setTags(accountId: string, tags: string): Promise<Answer>;
}

interface WordsProps {
  accountId: string;
  tags: readonly string[];
  canWrite: boolean;
  actions: WordActions;
}

type Open = 'note' | 'tags';

/** The tags of the account, and the forms to change them and to write a note; one at a time. */
export function AccountWords({ accountId, tags, canWrite, actions }: WordsProps) {
  const { say } = useHands();
  const [open, setOpen] = useState<Open | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, start] = useTransition();
  const box = useRef<HTMLDivElement>(null);

  const show = (what: Open | null) => {
    setProblem(null);
    setOpen(what === open ? null : what);
  };
  const close = () => {
    const button = box.current?.querySelector<HTMLButtonElement>('[aria-expanded="true"]');
    show(null);
    button?.focus();
  };
  const act = (work: () => Promise<Answer>, done: string) =>
    start(async () => {
      setProblem(null);
      try {
        const answer = await work();
        if (!answer.isDone) return setProblem(answer.problem);
        close();
        say(done, 3000);
      } catch {
        setProblem('ArbHub did not answer. Nothing was changed.');
      }
    });
  const form = (what: Open, label: string) => (
    <form
      className="act-form"
      // Not an action: that would empty the form, and what was refused would be lost.
      onSubmit={(event) => {
        event.preventDefault();
        const text = String(new FormData(event.currentTarget).get('text'));
        if (what === 'note') act(() => actions.addNote(accountId, text), 'Note added');
        else act(() => actions.setTags(accountId, text), 'Tags saved');
      }}
    >
      <label>
        {label}
        {what === 'note' ? (
          <textarea className="field" name="text" rows={3} maxLength={2000} required autoFocus />
        ) : (
          <input className="field" name="text" defaultValue={tags.join(', ')} autoFocus autoComplete="off" />
        )}
      </label>
      {problem !== null && (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
      <p className="btns">
        <button className="btn btn--primary" disabled={isPending}>
          {what === 'note' ? 'Save the note' : 'Save the tags'}
        </button>
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
      </p>
    </form>
  );

  return (
    <div
      className="acct-words"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open !== null) close();
      }}
    >
      <div className="acct-words__line">
        {tags.length > 0 ? (
          <ul className="acct-words__tags" aria-label="Tags">
            {tags.map((tag) => (
              <li key={tag} className="chip">
                {tag}
              </li>
            ))}
          </ul>
        ) : (
          <span className="muted">No tags</span>
        )}
        {canWrite && (
          <>
            <button
              type="button"
              className="btn"
              aria-expanded={open === 'tags'}
              onClick={() => show('tags')}
            >
              Edit tags
            </button>
            <button
              type="button"
              className="btn"
              aria-expanded={open === 'note'}
              onClick={() => show('note')}
            >
              Add a note
            </button>
          </>
        )}
      </div>
      {open === 'tags' && form('tags', 'Tags, with commas between them')}
      {open === 'note' && form('note', 'Note, for whoever opens this page')}
    </div>
  );
}
