import { z } from 'zod';
import { roles, type Role } from '../domain/permissions.ts';
import type { Collecting } from './collecting.ts';

/** What the admin pages are shown, and what their forms send. Instants are epoch ms. */

/** One way into Meta as an admin sees it. The token itself never leaves the database. */
export interface ConnectionView {
  id: number;
  name: string;
  kind: 'meta' | 'simulation';
  state: 'ok' | 'paused' | 'token_dead' | 'stopped';
  stateReason: string | null;
  /** While stopped: when it is tried again; null = not by itself. */
  retryAt: number | null;
  businessIds: readonly string[];
  accounts: number;
  /** Accounts that its lists show, those of them that it may read, and those that it reads now. */
  found: number;
  readable: number;
  monitored: number;
  /** Null for the simulation, which has none. */
  token: TokenView | null;
}

export interface TokenView {
  /** `SYSTEM_USER`, `USER` …; null = not known yet. */
  kind: string | null;
  /** Infinity = never, null = not known. */
  expiresAt: number | null;
  dataAccessExpiresAt: number | null;
  checkedAt: number | null;
  renewedAt: number | null;
  renewalFailed: string | null;
}

export interface MemberView {
  email: string;
  role: Role;
  isDisabled: boolean;
  createdAt: number;
  lastSeenAt: number | null;
  hasSecondStep: boolean;
}

/** Somebody who was asked in by e-mail and has not come yet. */
export interface InvitationView {
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: number;
  expiresAt: number;
}

/** One line of the audit log: who did what, when. */
export interface AuditView {
  id: number;
  at: number;
  actor: string;
  action: string;
  /** Facts of the act, one `name: value` each. */
  facts: readonly { name: string; value: string }[];
}

/** Which lines are asked for; null = all. `before` is the id of the last line that was seen. */
export interface AuditAsk {
  before: number | null;
  actor: string | null;
  /** The beginning of an act, such as `member.`. */
  action: string | null;
}

/** How the product itself does. */
export interface SystemView {
  collecting: Collecting;
  /** Messages that wait, that are tried again, and that nobody could be told in the last week. */
  deliveries: { due: number; retrying: number; dead: number };
  database: { version: string; bytes: number };
  metaVersion: string;
}

const text = (most: number) => z.string().trim().min(1).max(most);

export const newConnectionForm = z.object({
  name: z.string().trim().max(60),
  token: text(4000),
  businesses: z
    .string()
    .max(2000)
    .transform((all) => all.split(/[\s,;]+/).filter((id) => id !== '')),
});
export const connectionForm = z.object({ name: text(60) });
export const tokenForm = z.object({ name: text(60), token: text(4000) });
/** A destructive wish is confirmed by the name of what it destroys. */
export const removalForm = z.object({ name: text(60), confirmed: z.string().trim() });

export const newMemberForm = z.object({
  email: text(320),
  role: z.enum(roles),
  password: z.string().max(200),
});
export const roleForm = z.object({ email: text(320), role: z.enum(roles) });
export const memberForm = z.object({ email: text(320), confirmed: z.string().trim() });
export const invitationForm = z.object({ email: text(320), role: z.enum(roles) });
export const emailForm = z.object({ email: text(320) });
export const policyForm = z.object({ admins: z.enum(['needed', 'free']) });
