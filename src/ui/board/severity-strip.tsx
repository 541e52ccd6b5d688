import { Icon } from '../kit/icon.tsx';
import type { Tile } from './tile.ts';
import { tiles, tileWords } from './tile.ts';

interface StripProps {
  counts: Readonly<Record<Tile, number>>;
  pressed: readonly Tile[];
  onToggle: (tile: Tile) => void;
}

/** How many burn, and how. The places never move; a zero stays as a quiet zero. */
export function SeverityStrip({ counts, pressed, onToggle }: StripProps) {
  return (
    <div className="severity" role="group" aria-label="Filter by state">
      {tiles.map((tile) => {
        const [long, short] = tileWords[tile];
        return (
          <button
            key={tile}
            type="button"
            className="sev"
            data-state={tile}
            data-zero={counts[tile] === 0 || undefined}
            aria-pressed={pressed.includes(tile)}
            onClick={() => onToggle(tile)}
          >
            <Icon name={tile} />
            <span className="sev__n">{counts[tile]}</span>
            <span className="sev__label">
              {long === short ? (
                long
              ) : (
                <>
                  <span className="sev__long">{long}</span>
                  <span className="sev__short">{short}</span>
                </>
              )}
            </span>
          </button>
        );
      })}
    </div>
  );
}
