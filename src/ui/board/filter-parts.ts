import type { Filter } from './filter.ts';
import { kinds, onlyWords } from './filter.ts';
import { tileWords } from './tile.ts';

/** One thing that was asked for, and the filter without it. */
export interface FilterPart {
  words: string;
  without: Filter;
}

/** What is on, in the order in which it is told; what was typed comes last. */
export function filterParts(filter: Filter): FilterPart[] {
  const parts: FilterPart[] = [];
  if (filter.only !== null) parts.push({ words: onlyWords[filter.only], without: { ...filter, only: null } });
  for (const kind of kinds) {
    if (filter[kind] === null) continue;
    parts.push({ words: `${kind}: ${filter[kind]}`, without: { ...filter, [kind]: null } });
  }
  if (filter.states.length > 0) {
    const states = filter.states.map((tile) => tileWords[tile][0].toLowerCase());
    parts.push({ words: `state: ${states.join(', ')}`, without: { ...filter, states: [] } });
  }
  if (filter.query !== '') parts.push({ words: `“${filter.query}”`, without: { ...filter, query: '' } });
  return parts;
}
