import type { Connection } from '../../store/connections.ts';

/** Why nothing can be done to this connection: there is none of this name, or it is the simulated one. */
export function noSuchConnection(
  connection: Connection | null,
  name: string,
): { isDone: false; problem: string } {
  const problem =
    connection === null
      ? `There is no connection "${name}"; connection list tells the names.`
      : `"${name}" is the simulated Meta. It has no token, and comes and goes with the settings.`;
  return { isDone: false, problem };
}
