import { Icon } from '../../kit/icon.tsx';
import type { ColumnId, Sort } from './column-ids.ts';
import { wordsOf } from './columns.tsx';
import { nextSort } from './sort-keys.ts';

interface HeadProps {
  ids: readonly ColumnId[];
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}

const pins: Partial<Record<ColumnId, string>> = { state: 'pin-1', account: 'pin-2' };

/** The heads; each puts the rows in its order, then the other way round, then back. */
export function TableHead({ ids, sort, onSort }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {ids.map((id) => {
          const { head, name, isNumber } = wordsOf(id);
          const way = sort?.column === id ? (sort.isDown ? 'descending' : 'ascending') : undefined;
          return (
            <th
              key={id}
              scope="col"
              className={`${pins[id] ?? `c-${id}`}${isNumber ? ' num' : ''}`}
              aria-sort={way}
            >
              <button
                type="button"
                title={name === head ? undefined : name}
                onClick={() => onSort(nextSort(sort, id))}
              >
                {head}
                {name !== head && <span className="vh">: {name}</span>}
                {way !== undefined && <Icon name={way === 'descending' ? 'down' : 'up'} />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
