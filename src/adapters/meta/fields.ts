import type { MetaFailure } from './failures.ts';

const relearnMs = 24 * 60 * 60_000;

/** Without these an answer says nothing that could be believed; whoever is refused one of them has a failure. */
const essential: readonly string[] = [
  ...['id', 'account_id', 'account_status', 'currency', 'timezone_name'],
  ...['date_start', 'date_stop', 'spend', 'impressions', 'clicks'],
];

/**
 * The fields that Meta does not know for one token: a version dropped them, or the app may not ask for them. One such field
 * fails a whole read, so it is left out for a day, and what it would have told is unknown meanwhile.
 */
export class RefusedFields {
  readonly #refused = new Map<string, number>();

  /** The parameters without what this token is refused at `now` (epoch ms). */
  leaveOut(params: Record<string, string>, now: number): Record<string, string> {
    const { fields } = params;
    if (this.#refused.size === 0 || fields === undefined) return params;
    const told = split(fields).filter((field) => now >= (this.#refused.get(nameOf(field)) ?? 0));
    return { ...params, fields: told.join(',') };
  }

  /**
   * Takes in why a read failed. Where that was a field which can be left out, it will be, and the failure is one that asking
   * again mends. A read of nothing else is left as it is: there would be nothing to ask.
   */
  learn(failure: MetaFailure, params: Record<string, string>, now: number): MetaFailure {
    const field = failure.code === 100 ? /nonexisting field \((\w+)\)/i.exec(failure.detail)?.[1] : undefined;
    if (field === undefined || essential.includes(field)) return failure;
    const asked = split(params['fields'] ?? '').map(nameOf);
    if (!asked.includes(field) || asked.every((name) => name === field || name === 'id')) return failure;
    this.#refused.set(field, now + relearnMs);
    return { ...failure, remedy: 'retry', kind: 'transient' };
  }
}

/** `id,business{id,name}` is two fields. */
const split = (fields: string): string[] => fields.split(/,(?![^{]*\})/);

const nameOf = (field: string): string => field.replace(/\{.*$/, '');
