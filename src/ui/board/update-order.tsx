import { useEffect } from 'react';
import { onKey } from './on-key.ts';

/** Offers the new order; `u` does the same. It stands where nothing has to make room for it. */
export function UpdateOrder({ moved, onUpdate }: { moved: number; onUpdate: () => void }) {
  const isOffered = moved > 0;
  useEffect(() => {
    if (!isOffered) return;
    return onKey((key) => {
      if (key === 'u') onUpdate();
      return key === 'u';
    });
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
