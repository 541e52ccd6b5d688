'use server';

import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { requireOwnPage } from '../../server/guard.ts';
import { house } from '../../server/house.ts';
import { clientAddress, peerHeader } from '../../services/members/client-address.ts';
import { setUpFirstAdmin } from '../../services/members/set-up-first-admin.ts';
import { describeSignIn, signInWithPassword } from '../../services/members/sign-in.ts';
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
  const address = clientAddress(asked.get(peerHeader), asked.get('x-forwarded-for'));
  const result = await signInWithPassword(deps, { ...given.data, address }, await cookies());
  if (result.outcome !== 'in') return { error: describeSignIn(result) };
  redirect('/dashboard');
}

/** The set-up link is the permission. */
export async function setUp(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = setUpForm.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const { token, ...admin } = given.data;
  const wish = await setUpFirstAdmin(await house(), token, admin, await cookies());
  if (!wish.isDone) return { error: wish.problem };
  redirect('/dashboard');
}
