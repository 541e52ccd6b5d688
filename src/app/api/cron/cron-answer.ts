import type { CycleOutcome } from '../../../services/poll/run-cycle.ts';

/** 200 with the run's summary, or 202 when this slot is done or somebody is at it. */
export function cronAnswer(outcome: CycleOutcome): Response {
  return outcome.outcome === 'taken'
    ? Response.json({ outcome: 'taken' }, { status: 202 })
    : Response.json({ outcome: 'ran', summary: outcome.report });
}
