import { z } from 'zod';
import { roles, type Role } from '../domain/permissions.ts';

/** What a member is shown of how he himself signs in, and what his forms send. Instants are epoch ms. */

/** A browser in which he is signed in. */
export interface OwnSession {
  id: string;
  /** As `Chrome on Android`; null where it was never told. */
  device: string | null;
  createdAt: number;
  lastSeenAt: number;
  /** Whether it is the one that asks. */
  isThis: boolean;
}

export const sessionForm = z.object({ id: z.uuid() });
export const passwordForm = z.object({ current: z.string().max(1000), password: z.string().max(1000) });

/** Whether his second step is on, and how many recovery codes are left. */
export interface SecondStepView {
  isOn: boolean;
  recoveryCodesLeft: number;
}

/** What his authenticator app is shown; the drawing is `size` squares wide, `path` what is dark. */
export interface EnrolmentView {
  secret: string;
  drawing: { size: number; path: string };
}

export const provenForm = z.object({ password: z.string().max(1000) });
export const codeForm = z.object({ code: z.string().trim().min(1).max(60) });

/** A key for a program, without the key. */
export interface KeyView {
  id: number;
  name: string;
  role: Role;
  /** E-mail of the member who made it; null = the operator's tool. */
  madeBy: string | null;
  createdAt: number;
  lastUsedAt: number | null;
}

export const newKeyForm = z.object({ name: z.string().trim().max(60), role: z.enum(roles) });
export const keyForm = z.object({ id: z.number().int().positive().max(2_147_483_647) });
