'use client';

import type { ReactNode } from 'react';
import { createContext, use, useCallback, useEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

interface Hands {
  /** One toast at a time, read out politely. Never for errors. With `undo`, a button beside it takes back what was done. */
  say(text: string, ms: number, undo?: () => void): void;
  /** Copies and says so; where the browser refuses, the text is shown to be copied by hand. Answers whether it was copied. */
  copy(text: string, done: string, ms: number): Promise<boolean>;
}

const HandsContext = createContext<Hands | null>(null);

export function useHands(): Hands {
  const hands = use(HandsContext);
  if (hands === null) throw new Error('a copy button stands outside of Toasts');
  return hands;
}

/** The toast of a screen, and the dialog for a text that the clipboard did not take. */
export function Toasts({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<{ text: string; ms: number; undo?: () => void } | null>(null);
  const [byHand, setByHand] = useState<string | null>(null);

  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), toast.ms);
    return () => clearTimeout(timer);
  }, [toast]);

  const [hands] = useState<Hands>(() => ({
    say: (text, ms, undo) => setToast({ text, ms, ...(undo === undefined ? {} : { undo }) }),
    async copy(text, done, ms) {
      try {
        // Absent on pages without TLS.
        await navigator.clipboard.writeText(text);
      } catch {
        setToast(null);
        setByHand(text);
        return false;
      }
      setToast({ text: done, ms });
      return true;
    },
  }));

  const close = useCallback(() => setByHand(null), []);
  return (
    <HandsContext value={hands}>
      {children}
      <div className="toasts" role="status">
        {toast !== null && (
          <p className="toast">
            <Icon name="check" />
            {toast.text}
            {toast.undo !== undefined && (
              <button
                type="button"
                className="toast__undo"
                onClick={() => {
                  setToast(null);
                  toast.undo?.();
                }}
              >
                Undo
              </button>
            )}
          </p>
        )}
      </div>
      {byHand !== null && <CopyByHand text={byHand} onClose={close} />}
    </HandsContext>
  );
}

function CopyByHand({ text, onClose }: { text: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    field.current?.select();
  }, []);
  return (
    <dialog ref={dialog} className="by-hand" aria-labelledby="by-hand-title" onClose={onClose}>
      <form method="dialog">
        <h2 id="by-hand-title">Copy this text by hand</h2>
        <p>The browser does not let this page copy for you.</p>
        <textarea
          ref={field}
          className="field"
          aria-label="Text to copy"
          readOnly
          rows={text.split('\n').length + 1}
          value={text}
        />
        <button className="btn btn--primary">Close</button>
      </form>
    </dialog>
  );
}
