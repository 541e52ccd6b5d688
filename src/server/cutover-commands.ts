import { isGo, type Gate } from '../domain/preflight.ts';
import { preflight } from '../services/connections/preflight.ts';
import { compareSides } from '../services/simulation/compare-sides.ts';
import { endSimulation } from '../services/simulation/end-simulation.ts';
import { listConnections } from '../store/connections.ts';
import { done, Mistake, one, operator, type Command } from './command.ts';
import type { Deps } from './house.ts';

/** The commands of the cut-over from the simulated Meta to a real one. */

const patienceMs = 90_000;
const pagePatienceMs = 10_000;

export const cutoverCommands: Record<string, Command> = {
  preflight: {
    usage: 'preflight [--connection NAME]',
    does: 'puts real connections through the gates of the cut-over: go or no-go, with the reasons',
    async run(deps, given) {
      const wanted = one(given, 'connection');
      const names = wanted === undefined ? await realOnes(deps) : [wanted];
      const rows: object[] = [];
      for (const name of names) {
        const signal = AbortSignal.timeout(patienceMs);
        const page = { measurePage: () => measurePage(deps) };
        for (const gate of done(await preflight({ ...deps, ...page }, operator, name, signal)))
          rows.push({ connection: name, ...gate });
      }
      return rows;
    },
    verdict(rows) {
      const stopped = (rows as Gate[]).filter(({ verdict }) => verdict === 'stop');
      return isGo(rows as Gate[])
        ? { isGood: true, says: 'GO' }
        : { isGood: false, says: `NO-GO: ${stopped.map(({ gate }) => gate).join('; ')}` };
    },
  },
  'simulation compare': {
    usage: 'simulation compare',
    does: 'shows the simulated and the real Meta side by side, over the last 24 hours',
    run: (deps) => compareSides(deps, operator),
  },
  'simulation end': {
    usage: 'simulation end --yes NAME',
    does: 'ends the simulation: copies its rows into the archive, removes them 14 days later; NAME is its connection',
    async run(deps, given) {
      const { archive } = deps.keeping;
      if (archive === null)
        throw new Mistake(
          'There is no archive to copy it to: set ARCHIVE_S3_URL or run where there is a disk.',
        );
      const name = one(given, 'yes');
      if (name === undefined) throw new Mistake('Confirm with its name: simulation end --yes simulation');
      const signal = AbortSignal.timeout(60 * 60_000);
      const end = done(await endSimulation({ ...deps, archive, signal }, operator, name));
      const { copy, removeAt } = end;
      return [
        {
          ended: name,
          copy: copy?.key ?? null,
          in: archive.place,
          rows: Object.values(copy?.rows ?? {}).reduce((sum, rows) => sum + rows, 0),
          removed_after: new Date(removeAt).toISOString(),
        },
      ];
    },
  },
};

async function realOnes({ database }: Deps): Promise<string[]> {
  const names = (await listConnections(database.sql)).filter(({ kind }) => kind === 'meta');
  if (names.length === 0)
    throw new Mistake('There is no real connection yet: connection add --name "First BM" < token');
  return names.map(({ name }) => name);
}

/** What the running server takes for its first page, ms; null when nobody answers there. */
async function measurePage({ config, clock }: Deps): Promise<number | null> {
  const startedMs = clock.monotonicMs();
  try {
    const page = await fetch(new URL('/login', config.appUrl), {
      signal: AbortSignal.timeout(pagePatienceMs),
    });
    await page.text();
    return page.ok ? clock.monotonicMs() - startedMs : null;
  } catch {
    return null;
  }
}
