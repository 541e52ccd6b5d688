'use client';

interface SelectProps {
  name: string;
  label: string;
  value: string | null;
  all: string;
  options: readonly { value: string; words: string }[];
}

/** Narrows the list as soon as something is chosen. Without its script it is a field of the form around it. */
export function FilterSelect({ name, label, value, all, options }: SelectProps) {
  return (
    <label>
      <span className="vh">{label}</span>
      <select
        className="field"
        name={name}
        defaultValue={value ?? ''}
        onChange={(event) => event.currentTarget.form?.requestSubmit()}
      >
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </label>
  );
}
