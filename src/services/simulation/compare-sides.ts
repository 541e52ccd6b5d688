import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readSides, type Side } from '../../store/compare.ts';
import { mustBeAllowed } from '../refusal.ts';

/** One line of the comparison; null = nothing to tell on that side. */
export interface ComparedLine {
  what: string;
  simulated: string | null;
  real: string | null;
}

const percent = (ratio: number | null): string | null =>
  ratio === null ? null : `${Math.round(ratio * 1000) / 10}%`;
const seconds = (ms: number | null): string | null => (ms === null ? null : `${(ms / 1000).toFixed(1)} s`);
const plain = (figure: number | null): string | null => (figure === null ? null : String(figure));

const lines: readonly { what: string; tell: (side: Side) => string | null }[] = [
  { what: 'connections', tell: (side) => plain(side.connections) },
  { what: 'accounts', tell: (side) => plain(side.accounts) },
  { what: 'suspended now', tell: (side) => plain(side.suspended) },
  { what: 'daily limit known', tell: (side) => percent(side.limitKnown) },
  { what: "today's figures known", tell: (side) => percent(side.figuresToday) },
  { what: 'mean age of figures', tell: (side) => seconds(side.figuresAgeMs) },
  { what: 'changes of status, 24 h', tell: (side) => plain(side.changes) },
  { what: 'known after, median', tell: (side) => seconds(side.detectionMs) },
  { what: 'alerts, 24 h', tell: (side) => plain(side.alerts) },
  { what: 'delivered', tell: (side) => percent(side.delivered) },
  {
    what: 'read in the last cycle',
    tell: ({ attempted, succeeded }) => (attempted === null ? null : `${succeeded ?? 0} of ${attempted}`),
  },
  { what: 'requests in it', tell: (side) => plain(side.requests) },
  {
    what: 'counted calls per account',
    tell: ({ callsPerAccount }) => (callsPerAccount === null ? null : callsPerAccount.toFixed(2)),
  },
  { what: "Meta's mean answer", tell: (side) => seconds(side.metaMeanMs) },
];

/** The simulated and the real Meta side by side, over the last day. Throws `Refused`. */
export async function compareSides(
  { database, clock }: { database: Pick<Database, 'sql'>; clock: Pick<Clock, 'now'> },
  actor: Actor,
): Promise<ComparedLine[]> {
  mustBeAllowed(actor, 'connections:change');
  const sides = await readSides(database.sql, await clock.now());
  const of = (kind: Side['kind']) => sides.find((side) => side.kind === kind);
  const [simulated, real] = [of('simulation'), of('meta')];
  return lines.map(({ what, tell }) => ({
    what,
    simulated: simulated === undefined ? null : tell(simulated),
    real: real === undefined ? null : tell(real),
  }));
}
