'use server';

import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireOwnPage } from '../../server/guard.ts';
import { type Deps, house } from '../../server/house.ts';
import { clientAddress, peerHeader } from '../../services/members/client-address.ts';
import { sessionCookie } from '../../services/members/session-life.ts';
import { setUpFirstAdmin } from '../../services/members/set-up-first-admin.ts';
import { describeSignIn, signInWithPassword } from '../../services/members/sign-in.ts';
import { endSession } from '../../services/members/sign-out.ts';
import type { SignInState } from '../../ui/sign-in/credentials-form.tsx';

const credentials = z.object({ email: z.string().max(254), password: z.string().max(1000) });
const setUpForm = credentials.extend({ token: z.string().max(100) });
const notFilledIn: SignInState = { error: 'Fill in the email and the password.' };

/** Anyone may try to sign in; how often is counted. */
export async function signIn(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = credentials.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const deps = await house();
  const asked = await headers();
  // Without a server of ours the header is the client's own word.
  const peer = deps.hasOwnServer ? asked.get(peerHeader) : null;
  const address = clientAddress(peer, asked.get('x-forwarded-for'));
  const result = await signInWithPassword(deps, { ...given.data, address });
  if (result.outcome !== 'in') return { error: describeSignIn(result) };
  await keepSession(deps, result.token);
  redirect('/dashboard');
}

/** The set-up link is the permission. */
export async function setUp(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = setUpForm.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const { token, ...admin } = given.data;
  const deps = await house();
  const wish = await setUpFirstAdmin(deps, token, admin);
  if (!wish.isDone) return { error: wish.problem };
  await keepSession(deps, wish.value);
  redirect('/dashboard');
}

/** Gives the browser the new session and ends the one that it came with. */
async function keepSession(deps: Deps, token: string): Promise<void> {
  const { name, options } = sessionCookie(deps.config.appUrl);
  const jar = await cookies();
  const old = jar.get(name)?.value;
  if (old !== undefined) await endSession(deps, old);
  jar.set(name, token, options);
}
