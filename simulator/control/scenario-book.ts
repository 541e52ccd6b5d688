/** Remembers the scenario entries and answers what holds for an account, a token or the whole API. */
import { tokenHash } from '../token-hash.ts';
import type { Intervention } from '../world/intervention.ts';
import { interventionsOf, type ScenarioEntry, type ScenarioKind } from './scenario.ts';

/** Whom an entry must hold for; without an account, entries on any account or on none are meant. */
interface Subject {
  readonly token: string;
  /** null = only entries that name no account. */
  readonly accountId?: string | null;
}

export interface ScenarioBook {
  entries(): readonly ScenarioEntry[];
  /** Entries that hold at an instant, newest first. */
  holding(instantMs: number): readonly ScenarioEntry[];
  /** The entries of some kinds that hold for a subject at an instant, newest first. */
  holdingFor(kinds: readonly ScenarioKind[], instantMs: number, subject: Subject): readonly ScenarioEntry[];
  /** The same array until something happens to the account: its identity is a cache key. */
  interventions(accountId: string): readonly Intervention[];
  add(entry: Omit<ScenarioEntry, 'id'>): ScenarioEntry;
  /** Ends everything that goes on; answers the accounts that were touched. */
  endAll(instantMs: number): string[];
}

/** An entry that goes on, with what every call asks of it made ready. */
interface OpenEntry {
  readonly entry: ScenarioEntry;
  readonly fromMs: number;
  readonly accountIds: ReadonlySet<string>;
}

const NONE: readonly Intervention[] = [];
const NOTHING: readonly OpenEntry[] = [];

/** A book that starts with entries read back from the state file. */
export function createScenarioBook(initial: readonly ScenarioEntry[]): ScenarioBook {
  let entries = [...initial];
  /** By kind, because every call asks for a few kinds; newest first. */
  const open = new Map<ScenarioKind, OpenEntry[]>();
  const byAccount = new Map<string, readonly Intervention[]>();
  for (const entry of entries) {
    index(entry);
    hold(entry);
  }

  function hold(entry: ScenarioEntry): void {
    if (entry.ended_at !== null) return;
    const held = { entry, fromMs: Date.parse(entry.at), accountIds: new Set(entry.account_ids) };
    open.set(entry.kind, [held, ...(open.get(entry.kind) ?? [])]);
  }

  function openOf(kinds: Iterable<ScenarioKind>): readonly OpenEntry[] {
    // Several times per call, and mostly in a world where nothing is amiss.
    if (open.size === 0) return NOTHING;
    const found = [...kinds].flatMap((kind) => open.get(kind) ?? []);
    return found.sort((one, other) => other.entry.id - one.entry.id);
  }

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

  return {
    entries: () => entries,
    holding: (instantMs) =>
      openOf(open.keys())
        .filter(({ fromMs }) => fromMs <= instantMs)
        .map(({ entry }) => entry),
    holdingFor: (kinds, instantMs, subject) =>
      openOf(kinds)
        .filter((one) => one.fromMs <= instantMs && concerns(one, subject))
        .map(({ entry }) => entry),
    interventions: (accountId) => byAccount.get(accountId) ?? NONE,
    add(fresh) {
      const entry = { ...fresh, id: (entries.at(-1)?.id ?? 0) + 1 };
      entries.push(entry);
      index(entry);
      hold(entry);
      return entry;
    },
    endAll(instantMs) {
      const endedAt = new Date(instantMs).toISOString();
      const touched = [...new Set(openOf(open.keys()).flatMap(({ entry }) => entry.account_ids))];
      entries = entries.map((entry) => (entry.ended_at === null ? { ...entry, ended_at: endedAt } : entry));
      open.clear();
      reindex(touched);
      return touched;
    },
  };
}

function concerns({ entry, accountIds }: OpenEntry, { token, accountId }: Subject): boolean {
  if (entry.token_hash !== undefined && entry.token_hash !== tokenHash(token)) return false;
  if (accountId === undefined) return true;
  return accountId === null ? accountIds.size === 0 : accountIds.has(accountId);
}
