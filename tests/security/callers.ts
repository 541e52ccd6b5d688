import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from '../../src/ports/sql.ts';
import type { Role } from '../../src/domain/permissions.ts';

/** Somebody who calls the product, and what he may be taken for. */
export interface Caller {
  name: string;
  headers: Record<string, string>;
  /** The role that he has on pages, which know sessions only; null when he has none that counts. */
  onPages: Role | null;
  /** The role that he has on routes, which know API keys as well. */
  onRoutes: Role | null;
  isScheduler: boolean;
}

export const secrets = {
  cron: 'the-scheduler-of-this-campaign-0123456789',
  key: 'the-key-of-the-settings-0123456789',
};

/** Everybody who may come: nobody, those whose right is over, each role by session and by key, the scheduler. */
export async function inviteCallers(sql: Sql, cookieName: string): Promise<Caller[]> {
  const member = async (role: Role, isDisabled = false): Promise<string> => {
    const [row] = await sql<{ id: string }>`
      insert into members (email, role, disabled_at)
      values (${`${role}${isDisabled ? '-gone' : ''}@callers.example`}, ${role}, case when ${isDisabled} then now() end)
      on conflict (email) do update set role = excluded.role returning id`;
    return row!.id;
  };
  const session = async (memberId: string, { isOver = false } = {}): Promise<Record<string, string>> => {
    const token = randomBytes(32).toString('base64url');
    await sql`
      insert into sessions (token_sha256, member_id, created_at, last_seen_at, expires_at)
      values (${digest(token)}, ${memberId}, now(), now(), now() + case when ${isOver} then interval '-1 second' else interval '1 day' end)`;
    return { cookie: `${cookieName}=${token}` };
  };
  const key = async (
    role: Role,
    memberId: string | null,
    isRevoked = false,
  ): Promise<Record<string, string>> => {
    const text = randomBytes(24).toString('base64url');
    await sql`
      insert into api_keys (name, role, key_sha256, member_id, created_at, revoked_at)
      values (${`${role} ${text.slice(0, 6)}`}, ${role}, ${digest(text)}, ${memberId}, now(), case when ${isRevoked} then now() end)`;
    return { authorization: `Bearer ${text}` };
  };
  const [viewer, analyst, admin] = [await member('viewer'), await member('analyst'), await member('admin')];
  const nobody = { onPages: null, onRoutes: null, isScheduler: false };
  return [
    { ...nobody, name: 'nobody', headers: {} },
    {
      ...nobody,
      name: 'forged cookie',
      headers: { cookie: `${cookieName}=${randomBytes(32).toString('base64url')}` },
    },
    { ...nobody, name: 'session that is over', headers: await session(admin, { isOver: true }) },
    { ...nobody, name: 'disabled admin', headers: await session(await member('admin', true)) },
    { ...nobody, name: 'revoked key', headers: await key('analyst', null, true) },
    // His key was made for an analyst; he is one no longer.
    {
      ...nobody,
      name: 'key of a disabled member',
      headers: await key('analyst', await member('admin', true)),
    },
    {
      ...nobody,
      name: 'wrong key beside a good cookie',
      headers: { ...(await session(admin)), authorization: 'Bearer wrong' },
      onPages: 'admin',
    },
    { ...nobody, name: 'viewer', headers: await session(viewer), onPages: 'viewer', onRoutes: 'viewer' },
    { ...nobody, name: 'analyst', headers: await session(analyst), onPages: 'analyst', onRoutes: 'analyst' },
    { ...nobody, name: 'admin', headers: await session(admin), onPages: 'admin', onRoutes: 'admin' },
    {
      ...nobody,
      name: 'key of the settings',
      headers: { authorization: `Bearer ${secrets.key}` },
      onRoutes: 'viewer',
    },
    { ...nobody, name: 'key of an analyst', headers: await key('analyst', analyst), onRoutes: 'analyst' },
    { ...nobody, name: 'scheduler', headers: { authorization: `Bearer ${secrets.cron}` }, isScheduler: true },
  ];
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
