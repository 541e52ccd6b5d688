import { createHash } from 'node:crypto';
import type { AlertMessage } from '../../../ports/channel.ts';
import { fit, fitLine, headline, linkOf } from '../words.ts';

/** Push services take 4,096 bytes (RFC 8030, section 7.2); the encryption wants 103 of them (RFC 8291). */
export const longestPayload = 3_900;
const longest = { title: 120, url: 1_000 };
const bytesPerCharacter = 3;

/**
 * What the service worker shows. `tag` is the same for all messages of an alert, so the newest stands in the
 * place of the one before: a repeat is recognised and none is marked as one.
 */
export function webPushPayload(message: AlertMessage): string {
  const { severity, purpose } = message;
  const link = linkOf(message);
  const facts = {
    title: fitLine(headline(message), longest.title),
    tag: message.incidentKey.slice(0, 64),
    url: link === null || link.length > longest.url ? null : link,
    shortId: fitLine(message.shortId, 20),
    severity,
    resolved: purpose === 'resolved',
  };
  const space = longestPayload - Buffer.byteLength(JSON.stringify({ ...facts, body: '' }));
  let body = fit(message.text.trim(), Math.min(space, 1_500));
  // Most letters take one byte; only where they take more is the text cut again.
  while (Buffer.byteLength(JSON.stringify(body)) - 2 > space)
    body = fit(body, Math.floor(space / bytesPerCharacter));
  return JSON.stringify({ ...facts, body });
}

/** A push service keeps the newest message of a topic: 32 characters at most (RFC 8030, section 5.4). */
export function topicOf({ incidentKey }: AlertMessage): string {
  return createHash('sha256').update(incidentKey).digest('base64url').slice(0, 32);
}
