'use client';

import { lazy, Suspense, useState } from 'react';

const SaveViewForm = lazy(async () => ({
  default: (await import('./save-view-form.tsx')).SaveViewForm,
}));

interface SaveProps {
  /** Answers what went wrong, or null. */
  onSave: (name: string) => Promise<string | null>;
}

/** Gives the board as it stands a name. */
export function SaveView({ onSave }: SaveProps) {
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen)
    return (
      <Suspense>
        <SaveViewForm onSave={onSave} onClose={() => setIsOpen(false)} />
      </Suspense>
    );
  return (
    <button type="button" className="btn btn--quiet" onClick={() => setIsOpen(true)}>
      Save view
    </button>
  );
}
