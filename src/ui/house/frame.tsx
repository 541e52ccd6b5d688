import { type ReactNode, useEffect } from 'react';
import type { ScenarioKind } from '../../contract/simulation.ts';
import type { Simulation } from '../board/simulation-bar.tsx';
import { SimulationBar } from '../board/simulation-bar.tsx';
import type { ViewerProps } from '../board/viewer.tsx';
import { Toasts } from '../kit/toasts.tsx';
import type { Clock } from '../live/clock.tsx';
import { ClockProvider } from '../live/clock.tsx';
import { startKeeping } from '../live/kept-copy.ts';
import type { Place } from './house-nav.tsx';
import { BottomNav } from './house-nav.tsx';

interface FrameProps {
  clock: Clock;
  here: Place;
  openAlerts: number;
  viewer: ViewerProps['viewer'];
  /** Null while no account is simulated. */
  simulation: Simulation | null;
  accounts: number;
  runScenario: (kind: ScenarioKind) => Promise<{ message: string }>;
  children: ReactNode;
}

/** What every page of the house stands in: its clock and toasts, the way past the navigation, the simulation's bar, the phone's navigation. */
export function Frame(props: FrameProps) {
  const { simulation, viewer } = props;
  useEffect(startKeeping, []);
  return (
    <ClockProvider clock={props.clock}>
      <Toasts>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <div className="shell" data-here={props.here} data-simulated={simulation === null ? undefined : ''}>
          {simulation !== null && (
            <SimulationBar
              simulation={simulation}
              accounts={props.accounts}
              run={viewer.role === 'admin' ? props.runScenario : null}
            />
          )}
          {props.children}
          <BottomNav here={props.here} openAlerts={props.openAlerts} />
        </div>
      </Toasts>
    </ClockProvider>
  );
}
