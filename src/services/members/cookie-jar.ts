import type { CookieJar } from '../../ports/sign-in.ts';

/** A jar around a Cookie header. What is set stays in the jar: for reading, and for those who want no cookies. */
export function jarOfHeader(header: string | null | undefined): CookieJar {
  const held: { name: string; value: string }[] = [];
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(at, 0)).trim();
    if (name !== '') held.push({ name, value: pair.slice(at + 1).trim() });
  }
  return {
    getAll: () => held,
    set(name, value, { maxAge }) {
      const others = held.filter((cookie) => cookie.name !== name);
      held.splice(0, held.length, ...others, ...(maxAge === 0 ? [] : [{ name, value }]));
    },
  };
}
