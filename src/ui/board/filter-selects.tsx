import type { Filter, Kind } from './filter.ts';
import { kinds } from './filter.ts';
import type { VendorCount } from './vendors.ts';

/** What can be chosen of each kind; a kind with one value only is not asked. */
export type Choices = Readonly<Record<Exclude<Kind, 'vendor'>, readonly string[]>>;

interface SelectsProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  vendors: readonly VendorCount[];
  accounts: number;
  choices: Choices;
}

const anyWords: Readonly<Record<Kind, string>> = {
  vendor: 'Vendor',
  connection: 'Connection',
  currency: 'Currency',
  tag: 'Tag',
};

function vendorWords({ vendor, burning, accounts }: VendorCount): string {
  return `${vendor} (${burning > 0 ? `${burning} burning of ` : ''}${accounts})`;
}

/** Vendor, connection, currency and tag. States are asked by the strip. */
export function FilterSelects({ filter, onFilter, vendors, accounts, choices }: SelectsProps) {
  const options = (kind: Kind): [value: string, words: string][] =>
    kind === 'vendor'
      ? vendors.map((entry) => [entry.vendor, vendorWords(entry)])
      : choices[kind].map((value) => [value, value]);
  return (
    <>
      {kinds.map((kind) => {
        const value = filter[kind];
        const known = options(kind);
        // A value that no account has any more must still be seen, to be taken away.
        if (value !== null && !known.some(([one]) => one === value)) known.push([value, value]);
        if (value === null && known.length < (kind === 'tag' ? 1 : 2)) return null;
        return (
          <label key={kind} className="finder__select" data-on={value !== null || undefined}>
            <span className="vh">{anyWords[kind]}</span>
            <select
              className="field"
              value={value ?? ''}
              onChange={(event) => onFilter({ ...filter, [kind]: event.target.value || null })}
            >
              <option value="">
                {kind === 'vendor' ? `All vendors (${accounts})` : `Any ${anyWords[kind].toLowerCase()}`}
              </option>
              {known.map(([one, words]) => (
                <option key={one} value={one}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        );
      })}
    </>
  );
}
