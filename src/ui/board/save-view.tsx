'use client';

import { useState } from 'react';

interface SaveProps {
  /** Answers what went wrong, or null. */
  onSave: (name: string) => Promise<string | null>;
}

/** Gives the board as it stands a name. */
export function SaveView({ onSave }: SaveProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (!isOpen)
    return (
      <button type="button" className="btn btn--quiet" onClick={() => setIsOpen(true)}>
        Save view
      </button>
    );
  const save = async (form: FormData) => {
    const told = await onSave(String(form.get('name') ?? ''));
    setProblem(told);
    if (told === null) setIsOpen(false);
  };
  return (
    <form className="save-view" action={save}>
      <label>
        <span className="vh">Name of the view</span>
        <input
          className="field"
          name="name"
          placeholder="Name of the view…"
          maxLength={40}
          required
          autoComplete="off"
          autoFocus
          aria-describedby={problem === null ? undefined : 'save-view-problem'}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setIsOpen(false);
          }}
        />
      </label>
      <button className="btn btn--primary">Save</button>
      <button type="button" className="btn" onClick={() => setIsOpen(false)}>
        Cancel
      </button>
      <span id="save-view-problem" className="problem" role="alert">
        {problem}
      </span>
    </form>
  );
}
