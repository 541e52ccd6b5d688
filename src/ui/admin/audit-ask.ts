import type { AuditAsk } from '../../contract/admin.ts';

type Asked = Readonly<Record<string, string | string[] | undefined>>;

/** From the search parameters of the page; what cannot be meant is dropped. */
export function parseAuditAsk(asked: Asked): AuditAsk {
  const before = Number(asked['before']);
  return {
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
    actor: textOf(asked['actor']),
    action: textOf(asked['act']),
  };
}

/** The address of the page that asks for this. */
export function auditAddress({ before, actor, action }: AuditAsk): string {
  const search = new URLSearchParams();
  if (actor !== null) search.set('actor', actor);
  if (action !== null) search.set('act', action);
  if (before !== null) search.set('before', String(before));
  const text = search.toString();
  return text === '' ? '/admin/audit' : `/admin/audit?${text}`;
}

function textOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 320) : null;
}
