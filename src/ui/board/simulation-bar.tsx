import { useState, useTransition } from 'react';
import type { ScenarioKind } from '../../contract/simulation.ts';
import { Icon } from '../kit/icon.tsx';
import { useHands } from '../kit/toasts.tsx';

/** What the simulated part of the fleet is. */
export interface Simulation {
  speed: number;
  accounts: number;
}

interface BarProps {
  simulation: Simulation;
  /** All accounts on the board, real ones too. */
  accounts: number;
  /** Null for those who may look but not try. */
  run: ((kind: ScenarioKind) => Promise<{ message: string }>) | null;
}

const scenarios: readonly [ScenarioKind, string][] = [
  ['suspend_one', 'Suspend one'],
  ['ban_wave', 'Ban wave'],
  ['cut_limit', 'Cut a limit'],
  ['back_to_normal', 'Back to normal'],
];

function count(accounts: number, word: string): string {
  return accounts === 1 ? `1 ${word}` : `${accounts} ${word}s`;
}

/** Says that figures are not real, always on top and never an alarm; an admin can try what happens when accounts die. */
export function SimulationBar({ simulation, accounts, run }: BarProps) {
  const { say } = useHands();
  const [isOpen, setIsOpen] = useState(false);
  const [isPending, start] = useTransition();
  const [failure, setFailure] = useState<string | null>(null);
  const isMixed = accounts > simulation.accounts;
  const what = isMixed
    ? `${simulation.accounts} of ${count(accounts, 'account')} are simulated; their figures do not come from Meta`
    : `${accounts === 1 ? 'this account is' : `these ${accounts} accounts are`} simulated; no figure here comes from Meta`;

  const onRun = (kind: ScenarioKind) =>
    start(async () => {
      if (run === null) return;
      setFailure(null);
      try {
        say((await run(kind)).message, 5000);
      } catch {
        setFailure('The simulation did not answer. Nothing was changed.');
      }
    });

  return (
    <aside className="simbar" aria-label="Simulation">
      <Icon name="sim" />
      <p title={what}>
        <strong>SIMULATION</strong>
        {failure !== null ? (
          <b role="alert"> · {failure}</b>
        ) : (
          <>
            <span className="desk-only">{` · ${what} · speed ${simulation.speed}×`}</span>
            <span className="phone-only">
              {isMixed ? ' · some figures are not Meta’s' : ' · no figure is from Meta'}
            </span>
          </>
        )}
      </p>
      {run !== null && (
        <>
          <button
            type="button"
            className="simbar__btn phone-only"
            aria-expanded={isOpen}
            aria-controls="scenarios"
            onClick={() => setIsOpen(!isOpen)}
          >
            Try
          </button>
          <div
            id="scenarios"
            className="simbar__try"
            role="group"
            aria-label="Try on the simulation"
            data-open={isOpen || undefined}
          >
            {scenarios.map(([kind, words]) => (
              <button
                key={kind}
                type="button"
                className="simbar__btn"
                disabled={isPending}
                onClick={() => onRun(kind)}
              >
                {words}
              </button>
            ))}
          </div>
        </>
      )}
    </aside>
  );
}
