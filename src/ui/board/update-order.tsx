import { useEffect } from 'react';

/** Offers the new order; `u` does the same. It stands where nothing has to make room for it. */
export function UpdateOrder({ moved, onUpdate }: { moved: number; onUpdate: () => void }) {
  const isOffered = moved > 0;
  useEffect(() => {
    if (!isOffered) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'u' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.matches('input, select, textarea')) return;
      onUpdate();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [isOffered, onUpdate]);
  return (
    <div role="status">
      {isOffered && (
        <div className="reorder">
          {moved === 1 ? '1 account' : `${moved} accounts`} changed places.
          <button type="button" className="btn" onClick={onUpdate}>
            Update order <kbd aria-hidden="true">u</kbd>
          </button>
        </div>
      )}
    </div>
  );
}
