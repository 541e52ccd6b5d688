'use client';

import { useState } from 'react';

interface FormProps {
  /** Answers what went wrong, or null. */
  onSave: (name: string) => Promise<string | null>;
  onClose: () => void;
}

/** The field for the name; open until it is saved or given up. */
export function SaveViewForm({ onSave, onClose }: FormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (form: FormData) => {
    const told = await onSave(String(form.get('name') ?? ''));
    setProblem(told);
    if (told === null) onClose();
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
            if (event.key === 'Escape') onClose();
          }}
        />
      </label>
      <button className="btn btn--primary">Save</button>
      <button type="button" className="btn" onClick={onClose}>
        Cancel
      </button>
      <span id="save-view-problem" className="problem" role="alert">
        {problem}
      </span>
    </form>
  );
}
