import type { SupabaseClient, User } from '@supabase/supabase-js';
import { NotTaken } from '../../ports/sign-in.ts';
import { failure } from './supabase-failure.ts';

/** What marks a user of Supabase as made by ArbHub. Only the service key writes it, and policies read it in access tokens. */
const mark = 'arbhub';
const pageSize = 1000;
/** Supabase has no "for ever"; this is a hundred years. */
const barredFor = '876000h';

/** Stored with the member in the place of a hash: where his password is. */
const prefix = 'supabase:';
export const refOf = (userId: string): string => `${prefix}${userId}`;
export const userIdOf = (ref: string | null): string | null =>
  ref?.startsWith(prefix) ? ref.slice(prefix.length) : null;

/** The users of the project as the service key may change them. */
export interface Accounts {
  /** Makes the user, or gives one that ArbHub has made another password. Answers his id. Throws `NotTaken`. */
  keepPassword(email: string, password: string): Promise<string>;
  setBarred(userId: string, isBarred: boolean): Promise<void>;
}

export function supabaseAccounts({ auth: { admin } }: SupabaseClient): Accounts {
  async function findUser(email: string): Promise<User | null> {
    for (let page = 1; ; page += 1) {
      const { data, error } = await admin.listUsers({ page, perPage: pageSize });
      if (error !== null) throw failure(error);
      const found = data.users.find((user) => user.email?.toLowerCase() === email);
      if (found !== undefined || data.users.length < pageSize) return found ?? null;
    }
  }

  return {
    async keepPassword(email, password) {
      const made = await admin.createUser({
        email,
        password,
        email_confirm: true,
        app_metadata: { [mark]: 'member' },
      });
      if (made.error === null) return made.data.user.id;
      if (made.error.code !== 'email_exists') throw refusal(made.error);
      // Whoever signed up by himself under a member's e-mail must not become that member.
      const user = await findUser(email);
      if (user?.app_metadata[mark] === undefined)
        throw new NotTaken(
          `Supabase has a user ${email} that was not made by ArbHub. Delete it there (Authentication, Users) first.`,
        );
      // Supabase ends his sessions with it.
      const changed = await admin.updateUserById(user.id, { password, email_confirm: true });
      if (changed.error !== null) throw refusal(changed.error);
      return user.id;
    },
    async setBarred(userId, isBarred) {
      const { error } = await admin.updateUserById(userId, {
        ban_duration: isBarred ? barredFor : 'none',
        app_metadata: { [mark]: isBarred ? 'barred' : 'member' },
      });
      if (error !== null) throw failure(error);
    },
  };
}

function refusal(error: { code?: string | undefined; message: string; status?: number | undefined }): Error {
  return error.code === 'weak_password'
    ? new NotTaken('Supabase finds the password too weak. Choose another one.')
    : failure(error);
}
