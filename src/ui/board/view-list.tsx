import type { SavedView } from '../../contract/board-view.ts';
import { Icon } from '../kit/icon.tsx';

/** A view with how many accounts it shows. */
interface ViewEntry {
  view: SavedView;
  accounts: number;
  isOpen: boolean;
  isOwn: boolean;
}

export interface ViewsProps {
  views: readonly ViewEntry[];
  onView: (view: SavedView | null) => void;
  onRemove: (name: string) => void;
}

/** The saved views in the rail. A second press on the open one leaves it. */
export function ViewList({ views, onView, onRemove }: ViewsProps) {
  return (
    <div className="rail__views">
      <h2>Saved views</h2>
      <ul>
        {views.map(({ view, accounts, isOpen, isOwn }) => (
          <li key={`${isOwn} ${view.name}`} className={isOwn ? 'rail__view rail__view--own' : 'rail__view'}>
            <button
              type="button"
              className="navlink"
              aria-pressed={isOpen}
              onClick={() => onView(isOpen ? null : view)}
            >
              <span className="navlink__name">{view.name}</span>
              <span className="navlink__count">{accounts}</span>
            </button>
            {isOwn && (
              <button type="button" className="rail__drop" onClick={() => onRemove(view.name)}>
                <Icon name="cross" />
                <span className="vh">Remove the view {view.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The same where there is no room for the rail. */
export function ViewSelect({ views, onView }: Pick<ViewsProps, 'views' | 'onView'>) {
  const open = views.findIndex((entry) => entry.isOpen);
  return (
    <label className="finder__select finder__views">
      <span className="vh">Saved view</span>
      <select
        className="field"
        value={open < 0 ? '' : open}
        onChange={(event) => {
          const entry = event.target.value === '' ? undefined : views[Number(event.target.value)];
          onView(entry?.view ?? null);
        }}
      >
        <option value="">Saved views</option>
        {views.map(({ view, accounts, isOwn }, place) => (
          <option key={`${isOwn} ${view.name}`} value={place}>
            {view.name} ({accounts})
          </option>
        ))}
      </select>
    </label>
  );
}
