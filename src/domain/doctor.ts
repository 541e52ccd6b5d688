import { collectingRules } from './doctor-collecting.ts';
import type { DoctorFacts, Finding, Level } from './doctor-facts.ts';
import { houseRules } from './doctor-house.ts';

/** What may be wrong with an installation, why it matters and how to mend it: the troubleshooting guide as two tables. */

/** Everything that is not as it should be, errors first. */
export function diagnose(facts: DoctorFacts): Finding[] {
  const found = [...collectingRules, ...houseRules].flatMap(({ why, mend, look }) =>
    look(facts).map((line) => ({ ...line, why, mend })),
  );
  return sortFindings(found);
}

const order: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };

function sortFindings(found: readonly Finding[]): Finding[] {
  return found.toSorted((one, other) => order[one.level] - order[other.level]);
}

/** Whether there is nothing to mend; notes are no fault. */
export function isHealthy(findings: readonly Pick<Finding, 'level'>[]): boolean {
  return findings.every(({ level }) => level === 'note');
}
