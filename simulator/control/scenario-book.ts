/** Remembers the scenario entries and answers what holds for an account or for the whole API. */
import type { Intervention } from '../world/intervention.ts';
import { interventionsOf, type ScenarioEntry, type ScenarioKind } from './scenario.ts';

export interface ScenarioBook {
  entries(): readonly ScenarioEntry[];
  /** Entries that hold at an instant, newest first. */
  holding(instantMs: number): readonly ScenarioEntry[];
  /** The newest entry of a kind that holds for an account, or for everybody when the entry names no account. */
  holdingFor(kind: ScenarioKind, instantMs: number, accountId?: string): ScenarioEntry | undefined;
  /** The same array until something happens to the account: its identity is a cache key. */
  interventions(accountId: string): readonly Intervention[];
  add(entry: Omit<ScenarioEntry, 'id'>): ScenarioEntry;
  /** Ends everything that goes on; answers the accounts that were touched. */
  endAll(instantMs: number): string[];
}

const NONE: readonly Intervention[] = [];

/** A book that starts with entries read back from the state file. */
export function createScenarioBook(initial: readonly ScenarioEntry[]): ScenarioBook {
  let entries = [...initial];
  let open = entries.filter((entry) => entry.ended_at === null);
  const byAccount = new Map<string, readonly Intervention[]>();
  for (const entry of entries) index(entry);

  function index(entry: ScenarioEntry): void {
    const effects = interventionsOf(entry);
    if (effects.length === 0) return;
    for (const id of entry.account_ids) byAccount.set(id, [...(byAccount.get(id) ?? NONE), ...effects]);
  }

  function reindex(accountIds: readonly string[]): void {
    const touched = new Set(accountIds);
    for (const id of touched) byAccount.delete(id);
    for (const entry of entries)
      index({ ...entry, account_ids: entry.account_ids.filter((id) => touched.has(id)) });
  }

  function holding(instantMs: number): ScenarioEntry[] {
    return open.filter((entry) => Date.parse(entry.at) <= instantMs).reverse();
  }

  return {
    entries: () => entries,
    holding,
    holdingFor: (kind, instantMs, accountId) =>
      holding(instantMs).find(
        (entry) =>
          entry.kind === kind &&
          (accountId === undefined ? entry.account_ids.length === 0 : entry.account_ids.includes(accountId)),
      ),
    interventions: (accountId) => byAccount.get(accountId) ?? NONE,
    add(fresh) {
      const entry = { ...fresh, id: (entries.at(-1)?.id ?? 0) + 1 };
      entries.push(entry);
      if (entry.ended_at === null) open.push(entry);
      index(entry);
      return entry;
    },
    endAll(instantMs) {
      const endedAt = new Date(instantMs).toISOString();
      const touched = [...new Set(open.flatMap((entry) => entry.account_ids))];
      entries = entries.map((entry) => (entry.ended_at === null ? { ...entry, ended_at: endedAt } : entry));
      open = [];
      reindex(touched);
      return touched;
    },
  };
}
