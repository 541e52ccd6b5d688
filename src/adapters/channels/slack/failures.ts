import type { SendOutcome } from '../../../ports/channel.ts';

/**
 * Slack's answers by which no message will ever get through. The first ones were announced in
 * https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks, the others came later.
 */
const goneChannel = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'posting_to_general_channel_denied',
  'team_disabled',
  'user_not_found',
]);

/** Slack's answers that blame this one message: a mistake of ours that says nothing about the next one. */
const refusedMessage = new Set([
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'missing_text_or_fallback_or_attachments',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
]);

const defaultPauseMs = 30_000;

export interface Answer {
  status: number;
  headers: Headers;
  /** The beginning of the body; empty when it could not be read. */
  body: string;
}

/** What an answer means. Reasons hold only words of ours, so that a body cannot smuggle anything into a log. */
export function outcomeOfAnswer({ status, headers, body }: Answer): SendOutcome {
  const word = body.trim();
  if (status < 500 && status !== 429) {
    if (goneChannel.has(word)) return dead(status, word, true);
    if (refusedMessage.has(word)) return dead(status, word, false);
  }
  // A page instead of Slack's "ok" comes from something between us and Slack; nobody knows how far the message got.
  if (status >= 200 && status < 300)
    return word.startsWith('<') ? retry(`HTTP ${status} with a page`, true) : { outcome: 'sent' };
  if (status === 429) {
    const retryAfterMs = parseRetryAfterMs(headers) ?? defaultPauseMs;
    return { ...retry('HTTP 429', false), retryAfterMs, pausesChannel: true };
  }
  // By then Slack has the whole message, and says itself that part of the work may be done when it fails.
  return retry(`HTTP ${status}`, status >= 500);
}

/** Failures that come before the first byte of the message: name look-up, connecting, TLS. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*|ERR_INVALID_\w+)$/;

/** What a request without an answer means. The error's own text is not used: it can hold the address. */
export function outcomeOfError(error: unknown, isTimedOut: boolean): SendOutcome {
  if (isTimedOut) return retry('no answer in time', true);
  const code = codeOf(error);
  const isUnsent = code !== null && beforeSending.test(code);
  return retry(`${isUnsent ? 'no connection' : 'connection broken'} (${code ?? 'unknown'})`, !isUnsent);
}

/** How long a 429 asks to wait, in milliseconds. A date is measured against the answer's own, so our clock does not matter. */
function parseRetryAfterMs(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, .* GMT$/.test(text)) return null;
  const waitMs = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs);
}

function codeOf(error: unknown): string | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : null;
}

function retry(reason: string, mayHaveArrived: boolean): SendOutcome & { outcome: 'retry' } {
  return { outcome: 'retry', reason, retryAfterMs: null, pausesChannel: false, mayHaveArrived };
}

function dead(status: number, word: string, disablesChannel: boolean): SendOutcome {
  return { outcome: 'dead', reason: `HTTP ${status} ${word}`, disablesChannel };
}
