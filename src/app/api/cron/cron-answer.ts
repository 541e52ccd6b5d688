import type { CycleOutcome } from '../../../services/poll/run-cycle.ts';

/** 200 with the run's summary, or 202 when this slot is done or somebody is at it. */
export function cronAnswer(outcome: CycleOutcome): Response {
  return outcome.outcome === 'ran'
    ? Response.json({ outcome: 'ran', summary: outcome.report })
    : Response.json({ outcome: outcome.outcome }, { status: 202 });
}
