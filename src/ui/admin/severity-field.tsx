import type { Severity } from '../../domain/alert.ts';

const severityWords: readonly [Severity, string][] = [
  ['critical', 'what is critical'],
  ['warning', 'warnings and what is critical'],
  ['info', 'everything'],
];

/** From which severity on a channel hears. */
export function SeverityField({ severity }: { severity: Severity }) {
  return (
    <label>
      Hears
      <select className="field" name="severity" defaultValue={severity}>
        {severityWords.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The same in a sentence. */
export function severityText(severity: Severity): string {
  return severityWords.find(([value]) => value === severity)?.[1] ?? severity;
}
