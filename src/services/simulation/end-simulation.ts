import type { Actor } from '../../domain/permissions.ts';
import type { Archive } from '../../ports/archive.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import { listConnections, writeRemoved } from '../../store/connections.ts';
import { archiveAccountsOf } from '../../store/handover.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import {
  closeOwnAlerts,
  deleteAccount,
  deleteAlert,
  insertEnd,
  isBeingRead,
  listAccountNos,
  listEnds,
  listOwnAlerts,
  writeEndOutcome,
  writeEndRemoved,
  type SimulationEnd,
} from '../../store/simulation-end.ts';
import { itself } from '../connections/connections-deps.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { checkSimulation, sendSimulation } from './simulation-copy.ts';

export interface EndDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Log;
  archive: Archive;
  signal: AbortSignal;
}

const keptMs = 14 * 86_400_000;
const lookAgainMs = 500;

/**
 * Ends the simulation: its accounts leave the board, all its rows are copied into the archive, and 14 days later they leave
 * the database. `name` is the connection's, as a confirmation. Asked again, it makes a copy that is missing. Throws `Refused`.
 */
export async function endSimulation(deps: EndDeps, actor: Actor, name: string): Promise<Wish<SimulationEnd>> {
  mustBeAllowed(actor, 'connections:change');
  const { database, clock } = deps;
  const at = await clock.now();
  const begun = await database.transaction<Wish<number>>(async (sql) => {
    const known = (await listEnds(sql)).find((end) => end.name === name && end.removedAt === null);
    const connections = await listConnections(sql);
    const simulated = connections.find((one) => one.kind === 'simulation');
    if (simulated === undefined && known !== undefined) return { isDone: true, value: known.connectionId };
    if (simulated === undefined) return { isDone: false, problem: 'No simulation runs here.' };
    if (simulated.name !== name)
      return { isDone: false, problem: `Confirm with its name: --yes ${simulated.name}` };
    if (!connections.some((one) => one.kind === 'meta' && one.state === 'ok'))
      return {
        isDone: false,
        problem: 'Nothing would be watched any more: add a connection to Meta that works first.',
      };
    await closeOwnAlerts(sql, simulated.id, at);
    await writeRemoved(sql, simulated.id, at);
    const archived = await archiveAccountsOf(sql, simulated.id, at);
    await insertEnd(sql, { connectionId: simulated.id, name, at, removeAt: at + keptMs });
    const detail = { name, accounts: archived.length };
    await insertAudit(sql, { at, actor: actor.name, action: 'simulation.ended', detail });
    await announceChanged(sql, archived);
    return { isDone: true, value: simulated.id };
  });
  if (!begun.isDone) return begun;
  const end = await findEnd(deps, begun.value);
  if (end.copy === null) await copyOut(deps, end);
  return { isDone: true, value: await findEnd(deps, begun.value) };
}

/**
 * What the daily run does for simulations that were ended: makes a copy that is missing, and removes the rows of those whose
 * 14 days are over, once their copy reads as it was written. What is cut short goes on the next day. One's trouble is noted.
 */
export async function removeEnded(deps: EndDeps): Promise<void> {
  const { database, clock, log, archive, signal } = deps;
  for (const end of await listEnds(database.sql)) {
    if (end.removedAt !== null) continue;
    try {
      if (end.copy === null) await copyOut(deps, end);
      if ((await clock.now()) < end.removeAt) continue;
      const { copy } = await findEnd(deps, end.connectionId);
      const problem = copy === null ? 'there is no copy' : await checkSimulation(archive, copy, signal);
      if (problem !== null) throw new Error(`nothing was removed: ${problem}`);
      await removeRows(deps, end, copy?.key ?? null);
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      await writeEndOutcome(database.sql, end.connectionId, { problem });
      log.error('simulation not removed', { connection: end.name, problem });
    }
  }
}

async function findEnd({ database }: EndDeps, connectionId: number): Promise<SimulationEnd> {
  const found = (await listEnds(database.sql)).find((end) => end.connectionId === connectionId);
  if (found === undefined) throw new Error('The end of the simulation is not in the books.');
  return found;
}

/** Waits for whoever still reads, then copies. */
async function copyOut(deps: EndDeps, end: SimulationEnd): Promise<void> {
  const { database, clock, log, archive, signal } = deps;
  while (await isBeingRead(database.sql, end.connectionId, await clock.now())) {
    await clock.sleep(lookAgainMs, signal);
    signal.throwIfAborted();
  }
  const copy = await sendSimulation(database.sql, end, archive, signal);
  await writeEndOutcome(database.sql, end.connectionId, { copy });
  log.info('simulation copied', { connection: end.name, key: copy.key, rows: copy.rows });
}

/** Alert by alert and account by account, each in a transaction of its own: whatever cuts it short, the rest is whole. */
async function removeRows(
  { database, clock, log, signal }: EndDeps,
  end: SimulationEnd,
  copy: string | null,
): Promise<void> {
  for (const id of await listOwnAlerts(database.sql, end.connectionId)) {
    signal.throwIfAborted();
    await database.transaction((sql) => deleteAlert(sql, id));
  }
  for (const no of await listAccountNos(database.sql, end.connectionId)) {
    signal.throwIfAborted();
    await database.transaction((sql) => deleteAccount(sql, no));
  }
  const at = await clock.now();
  await database.transaction(async (sql) => {
    await writeEndRemoved(sql, end.connectionId, at);
    const detail = { name: end.name, copy };
    await insertAudit(sql, { at, actor: itself, action: 'simulation.removed', detail });
  });
  log.info('simulation removed', { connection: end.name });
}
