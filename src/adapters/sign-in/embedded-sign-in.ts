import bcrypt from 'bcryptjs';
import { passwordMostBytes, utf8Bytes } from '../../domain/password.ts';
import type { CookieOptions, SignIn } from '../../ports/sign-in.ts';
import { secrets } from './secrets.ts';

const productionCost = 12;

/** As over plain http. */
const plainCookie: { name: string; options: CookieOptions } = {
  name: 'arbhub',
  options: { httpOnly: true, secure: false, sameSite: 'lax', path: '/', maxAge: 604_800 },
};

/**
 * Sign-in without any outside service: bcrypt for passwords, a random token in one cookie for sessions. A lower `cost` is for
 * tests only.
 */
export function embeddedSignIn(cost: number = productionCost, cookie = plainCookie): SignIn {
  // Well formed, but the digest of no password; comparing with it costs what comparing with a real one does.
  const nobody = bcrypt.genSaltSync(cost) + '.'.repeat(31);
  const verify = async (password: string, hash: string | null): Promise<boolean> => {
    const isWhole = utf8Bytes(password) <= passwordMostBytes;
    // What another way of signing in has left there is no hash; it must not be faster to refuse.
    const kept = hash !== null && hash.startsWith('$2') ? hash : null;
    const isSame = await bcrypt.compare(password, (isWhole ? kept : null) ?? nobody);
    return isSame && isWhole && kept !== null;
  };
  return {
    ...secrets,
    async hashPassword(password) {
      if (utf8Bytes(password) > passwordMostBytes) throw new RangeError('bcrypt would cut this password');
      return bcrypt.hash(password, cost);
    },
    verifyPassword: verify,
    enter: async ({ password }, hash) => ((await verify(password, hash)) ? 'in' : 'wrong'),
    async begin(jar) {
      const fresh = secrets.newToken();
      jar.set(cookie.name, fresh.token, cookie.options);
      return fresh;
    },
    async sessionOf(jar) {
      return jar.getAll().find(({ name }) => name === cookie.name)?.value ?? null;
    },
    async end(jar) {
      jar.set(cookie.name, '', { ...cookie.options, maxAge: 0 });
    },
    bar: async () => undefined,
    outsideToken: async () => null,
  };
}
