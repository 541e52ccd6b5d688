/** Tokens: who is asking, whether the token lives, and the calls that inspect and renew one. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Simulation } from '../simulation.ts';
import { tokenHash } from '../token-hash.ts';
import type { Call } from './call.ts';
import { badParameter, deadToken, GraphError, missingToken, proofFailure } from './errors.ts';
import { partPrefix } from './part.ts';

const APP_ID = '123456789012345';
export const USER_ID = '61550000000001';
const RENEWED_SECONDS = 60 * 86_400;
/** A renewed token carries its own expiry (Unix seconds) and part, so nothing about it must be remembered. */
const EXPIRING = /^(?:sim-\d+-of-\d+-)?EAASimX(\d{9,11})X/;

/** Throws when the token of a call is missing, dead, or sent without the proof that the app asks for. */
export function checkToken(call: Call): void {
  if (call.token === '') throw missingToken();
  const failure = whyDead(call.simulation, call.token, call.nowMs);
  if (failure) throw failure;
  const { appSecret } = call.simulation;
  if (appSecret === undefined || call.token.includes('|') || call.path[0] === 'oauth') return;
  const proof = call.params.get('appsecret_proof');
  if (proof === null) throw proofFailure(true);
  if (!isEqual(proof, createHmac('sha256', appSecret).update(call.token).digest('hex')))
    throw proofFailure(false);
}

/** `debug_token`: a dead token is told about, not refused. */
export function debugToken(call: Call): object {
  const input = call.params.get('input_token') ?? '';
  if (input === '') throw badParameter('The parameter input_token is required');
  const { appSecret } = call.simulation;
  const [appId = APP_ID, secret] = call.token.split('|');
  if (appSecret !== undefined && secret !== undefined && secret !== appSecret) {
    throw new GraphError('Error validating application. Invalid application secret.', {
      status: 400,
      code: 190,
    });
  }
  const failure = whyDead(call.simulation, input, call.nowMs);
  const data = {
    app_id: /^\d+$/.test(appId) ? appId : APP_ID,
    type: 'SYSTEM_USER',
    application: 'ArbHub',
    is_valid: failure === undefined,
    issued_at: Math.floor(call.nowMs / 1000) - 30 * 86_400,
    expires_at: expiryOf(input) ?? 0,
    data_access_expires_at: 0,
    scopes: failure ? [] : ['ads_read', 'business_management'],
    ...(failure ? {} : { granular_scopes: [{ scope: 'ads_read' }, { scope: 'business_management' }] }),
    user_id: USER_ID,
  };
  if (!failure) return { data };
  const { code, subcode } = failure.fields;
  return { data: { ...data, error: { code, message: failure.message, subcode } } };
}

/** `oauth/access_token`: a new token; the old one goes on to live as long as it would have. */
export function renewToken(call: Call): object {
  const current = call.params.get('fb_exchange_token') ?? '';
  if (call.params.get('grant_type') !== 'fb_exchange_token' || current === '') {
    throw badParameter('grant_type must be fb_exchange_token and fb_exchange_token must be given');
  }
  const { appSecret } = call.simulation;
  if (appSecret !== undefined && call.params.get('client_secret') !== appSecret) {
    throw new GraphError('Error validating client secret.', { status: 400, code: 1 });
  }
  const failure = whyDead(call.simulation, current, call.nowMs);
  if (failure) throw failure;
  const expiresAt = Math.floor(call.nowMs / 1000) + RENEWED_SECONDS;
  return {
    access_token: `${partPrefix(current)}EAASimX${expiresAt}X${tokenHash(current).slice(0, 16)}`,
    token_type: 'bearer',
    expires_in: RENEWED_SECONDS,
  };
}

function whyDead(simulation: Simulation, token: string, nowMs: number): GraphError | undefined {
  const expiry = expiryOf(token);
  if (expiry !== undefined && expiry * 1000 <= nowMs) return deadToken(463);
  const [entry] = simulation.book.holdingFor(['dead_token'], nowMs, { token });
  return entry && deadToken(entry.subcode ?? 460);
}

function expiryOf(token: string): number | undefined {
  const [, seconds] = EXPIRING.exec(token) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

function isEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
