import { z } from 'zod';
import type { Failure, Result } from '../../domain/observation.ts';
import { tokenRemedy, type TokenFacts } from '../../domain/token-life.ts';
import type { TokenOffice } from '../../ports/token-office.ts';
import { metaClient, type Answer, type MetaSettings } from './client.ts';
import { failure, shapeFailure } from './failures.ts';
import { Governor } from './governor.ts';
import { label } from './schema.ts';
import { UsageMeters } from './usage.ts';

/** How to reach Meta as the app: its id and secret, where the settings have them. */
export type OfficeSettings = Omit<MetaSettings, 'token'> & { appId: string | null };

const latestSecond = 8_000_000_000_000;
/** Unix seconds, 0 = never. */
const expiry = z
  .number()
  .int()
  .min(0)
  .max(latestSecond)
  .nullish()
  .transform((seconds) => (seconds == null ? null : seconds === 0 ? Infinity : seconds * 1000));
const inspected = z.object({
  data: z.object({
    is_valid: z.boolean(),
    app_id: z.coerce.string().pipe(label).optional(),
    type: label.optional(),
    scopes: z.array(label).optional(),
    expires_at: expiry,
    data_access_expires_at: expiry,
    error: z
      .object({
        message: label.catch('no message'),
        code: z.number().optional().catch(undefined),
        subcode: z.number().optional().catch(undefined),
      })
      .optional(),
  }),
});
const exchanged = z.object({ access_token: z.string().regex(/^\S{1,2000}$/) });

/**
 * Inspection and renewal at Meta. Both calls carry secrets in their address, as Meta documents them: the client never tells an
 * address, and what Meta answers is cleaned of these very secrets before it leaves here.
 */
export function metaTokenOffice(
  settings: OfficeSettings,
  elapsed: () => number,
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>,
): TokenOffice {
  const { appId, appSecret } = settings;

  /** The words without the secrets that the call carried, should Meta have quoted them. */
  function clean(token: string, words: string): string {
    const open = words.replaceAll(token, '[token]');
    return appSecret === null ? open : open.replaceAll(appSecret, '[secret]');
  }
  const cleaned = (token: string, failure: Failure): Result<never> => ({
    ok: false,
    failure: { ...failure, detail: clean(token, failure.detail) },
  });

  function askAs(token: string, proofSecret: string | null) {
    const governor = new Governor(() => 0);
    const client = metaClient(
      { ...settings, token, appSecret: proofSecret },
      new UsageMeters(),
      governor,
      elapsed,
    );
    return async (path: string, params: Record<string, string>, signal: AbortSignal): Promise<Answer> => {
      for (let attempt = 1; ; attempt++) {
        const answer = await client.get(path, params, { signal, now: elapsed });
        if (answer.ok || answer.failure.remedy !== 'retry' || attempt === 3 || signal.aborted) return answer;
        await sleep(attempt * 1000, signal);
      }
    };
  }

  async function inspectAsApp(token: string, app: string, signal: AbortSignal): Promise<Result<TokenFacts>> {
    const answer = await askAs(app, null)('debug_token', { input_token: token }, signal);
    if (!answer.ok) {
      if (answer.failure.kind !== 'token') return answer;
      // Meta refuses the one who asks; the token can still say of itself that it is dead.
      const itself = await inspectAsItself(token, signal);
      if (itself.ok && !itself.value.isValid) return itself;
      const detail = `META_APP_ID or META_APP_SECRET is refused: ${answer.failure.detail}`;
      return { ok: false, failure: { ...answer.failure, kind: 'config', detail } };
    }
    const parsed = inspected.safeParse(answer.body);
    if (!parsed.success)
      return { ok: false, failure: shapeFailure('debug_token: not an answer about a token') };
    const { is_valid, error, ...told } = parsed.data.data;
    return {
      ok: true,
      value: {
        isValid: is_valid,
        problem: is_valid ? null : refusal(error?.message ?? 'no reason given', error?.code, error?.subcode),
        appId: told.app_id ?? null,
        kind: told.type ?? null,
        // Of a refused token Meta tells no scopes; that does not mean that it had none.
        scopes: is_valid ? (told.scopes ?? null) : null,
        expiresAt: told.expires_at,
        dataAccessExpiresAt: told.data_access_expires_at,
      },
    };
  }

  async function inspectAsItself(token: string, signal: AbortSignal): Promise<Result<TokenFacts>> {
    const answer = await askAs(token, appSecret)('me', { fields: 'id' }, signal);
    if (!answer.ok && answer.failure.kind !== 'token') return answer;
    const unknown = { appId: null, kind: null, scopes: null, expiresAt: null, dataAccessExpiresAt: null };
    if (answer.ok) return { ok: true, value: { ...unknown, isValid: true, problem: null } };
    const { detail, subcode } = answer.failure;
    return {
      ok: true,
      value: { ...unknown, isValid: false, problem: `${detail}; ${tokenRemedy(subcode)}` },
    };
  }

  return {
    knowsApp: appId !== null && appSecret !== null,

    async inspect(token, signal) {
      const facts =
        appId === null || appSecret === null
          ? await inspectAsItself(token, signal)
          : await inspectAsApp(token, `${appId}|${appSecret}`, signal);
      if (!facts.ok) return cleaned(token, facts.failure);
      const { problem } = facts.value;
      return {
        ok: true,
        value: { ...facts.value, problem: problem === null ? null : clean(token, problem) },
      };
    },

    async renew(token, signal) {
      if (appId === null || appSecret === null)
        return { ok: false, failure: failure('config', 'META_APP_ID and META_APP_SECRET are not set') };
      const answer = await askAs(`${appId}|${appSecret}`, null)(
        'oauth/access_token',
        {
          grant_type: 'fb_exchange_token',
          client_id: appId,
          client_secret: appSecret,
          set_token_expires_in_60_days: 'true',
          fb_exchange_token: token,
        },
        signal,
      );
      if (!answer.ok) return cleaned(token, answer.failure);
      const parsed = exchanged.safeParse(answer.body);
      return parsed.success
        ? { ok: true, value: parsed.data.access_token }
        : { ok: false, failure: shapeFailure('oauth/access_token: no new token in the answer') };
    },
  };
}

function refusal(message: string, code?: number, subcode?: number): string {
  const numbers = code === undefined ? '' : `(#${code}${subcode === undefined ? '' : `/${subcode}`}) `;
  return `${numbers}${message}; ${tokenRemedy(subcode ?? null)}`;
}
