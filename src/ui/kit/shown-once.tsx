'use client';

import { Icon } from './icon.tsx';
import { useHands } from './toasts.tsx';

/** A secret that is shown now and never again: a link, a key, a list of codes. */
export function ShownOnce(props: { about: string; text: string; onClose: () => void }) {
  const { copy } = useHands();
  return (
    <div className="once" role="status">
      <p>{props.about}</p>
      <pre tabIndex={0}>{props.text}</pre>
      <div className="btns">
        <button
          type="button"
          className="btn btn--primary"
          onClick={() => void copy(props.text, 'Copied.', 2000)}
        >
          <Icon name="copy" />
          Copy
        </button>
        <button type="button" className="btn" onClick={props.onClose}>
          I have kept it
        </button>
      </div>
    </div>
  );
}
