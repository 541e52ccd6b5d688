'use server';

import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import { z } from 'zod';
import { requireOwnPage } from '../../server/guard.ts';
import { house } from '../../server/house.ts';
import { acceptInvitation } from '../../services/members/accept-invitation.ts';
import { clientAddress, peerHeader } from '../../services/members/client-address.ts';
import { askForReset, resetPassword } from '../../services/members/reset-password.ts';
import { setUpFirstAdmin } from '../../services/members/set-up-first-admin.ts';
import { signInWithCode } from '../../services/members/sign-in-with-code.ts';
import { describeCode, describeSignIn, signInWithPassword } from '../../services/members/sign-in.ts';
import type { SignInState } from '../../ui/sign-in/credentials-form.tsx';
import type { ForgotState } from '../../ui/sign-in/forgot-form.tsx';

const password = z.string().max(1000);
const token = z.string().max(100);
const credentials = z.object({ email: z.string().max(254), password });
const secondStep = z.object({ step: token, code: z.string().max(60) });
const setUpForm = credentials.extend({ token });
const linkForm = z.object({ token, password });
const forgotForm = z.object({ email: z.string().trim().min(1).max(254) });
const notFilledIn: SignInState = { error: 'Fill in the email and the password.' };

/** Anyone may try to sign in, by password and, where that is not enough, by a code; how often is counted. */
export async function signIn(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const deps = await house();
  const from = await whence();
  const fields = Object.fromEntries(form);
  const second = secondStep.safeParse(fields);
  if (second.success) {
    const { step } = second.data;
    const result = await signInWithCode(deps, { ...second.data, ...from }, await cookies());
    if (result.outcome === 'expired') return { error: 'This took too long. Sign in again.' };
    if (result.outcome !== 'in') return { error: describeCode(result), step };
    redirect('/dashboard');
  }
  const given = credentials.safeParse(fields);
  if (!given.success) return notFilledIn;
  const result = await signInWithPassword(deps, { ...given.data, ...from }, await cookies());
  if (result.outcome === 'second_step') return { error: null, step: result.step };
  if (result.outcome !== 'in') return { error: describeSignIn(result) };
  redirect('/dashboard');
}

/** The set-up link is the permission. */
export async function setUp(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = setUpForm.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const { token: link, ...admin } = given.data;
  const deps = await house();
  const { userAgent } = await whence();
  const wish = await setUpFirstAdmin(deps, link, { ...admin, userAgent }, await cookies());
  if (!wish.isDone) return { error: wish.problem };
  redirect('/dashboard');
}

/** The invitation's link is the permission. */
export async function accept(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = linkForm.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const deps = await house();
  const { userAgent } = await whence();
  const wish = await acceptInvitation(
    deps,
    given.data.token,
    { password: given.data.password, userAgent },
    await cookies(),
  );
  if (!wish.isDone) return { error: wish.problem };
  redirect('/dashboard');
}

/** Anyone may ask; the answer is the same for everybody, and comes before anything is looked up. */
export async function forgot(_before: ForgotState, form: FormData): Promise<ForgotState> {
  await requireOwnPage();
  const given = forgotForm.safeParse(Object.fromEntries(form));
  if (!given.success) return { error: 'Fill in the email.', isAsked: false };
  const deps = await house();
  const { address } = await whence();
  after(() => askForReset(deps, { ...given.data, address }));
  return { error: null, isAsked: true };
}

/** The link of the mail is the permission. */
export async function reset(_before: SignInState, form: FormData): Promise<SignInState> {
  await requireOwnPage();
  const given = linkForm.safeParse(Object.fromEntries(form));
  if (!given.success) return notFilledIn;
  const wish = await resetPassword(await house(), given.data.token, { password: given.data.password });
  if (!wish.isDone) return { error: wish.problem };
  redirect('/login?done=reset');
}

/** From which address and with which browser somebody comes. */
async function whence(): Promise<{ address: string; userAgent: string | null }> {
  const asked = await headers();
  // Without a server of ours the header is the client's own word.
  const peer = (await house()).hasOwnServer ? asked.get(peerHeader) : null;
  const address = clientAddress(peer, asked.get('x-forwarded-for'));
  return { address, userAgent: asked.get('user-agent') };
}
