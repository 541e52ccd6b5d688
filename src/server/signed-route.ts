import 'server-only';
import type { z } from 'zod';
import { metaChallengeQuery } from '../contract/meta-webhook.ts';
import { Answer, answering, type Call, type Handler, parseQuery } from './guard.ts';
import { isSignedByMeta } from './meta-signature.ts';

const mostBytes = 1024 * 1024;

/** Answers Meta's question whether this address is ours, for whoever knows the verify token. */
export function challengeRoute(): Handler<Record<string, string>> {
  return answering(async ({ request, deps }) => {
    const asked = parseQuery(metaChallengeQuery, request);
    const expected = deps.config.meta.webhookVerifyToken;
    const given = asked['hub.verify_token'];
    const challenge = asked['hub.challenge'];
    const isSame = expected !== null && given !== undefined && deps.signIn.sameSecret(given, expected);
    if (!isSame || asked['hub.mode'] !== 'subscribe' || challenge === undefined) {
      throw new Answer(403, 'forbidden', 'The verify token is not the one in META_WEBHOOK_VERIFY_TOKEN.');
    }
    return new Response(challenge, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });
}

/** A route for whoever signs the body with the app secret. Nothing of a body is looked at before its signature is right. */
export function signedRoute<Schema extends z.ZodType>(
  schema: Schema,
  handle: (call: Call & { body: z.output<Schema> }) => Promise<Response>,
): Handler<Record<string, string>> {
  return answering(async (call) => {
    const { appSecret } = call.deps.config.meta;
    if (appSecret === null) throw new Answer(503, 'not_configured', 'META_APP_SECRET is not set.');
    const bytes = await readBytes(call.request);
    if (!isSignedByMeta(bytes, call.request.headers.get('x-hub-signature-256'), appSecret)) {
      throw new Answer(401, 'unauthorized', 'The signature is not that of this body.');
    }
    const body = schema.safeParse(parseJson(bytes));
    if (!body.success) throw new Answer(400, 'bad_input', 'The body is not a notification.');
    return handle({ ...call, body: body.data });
  });
}

/** The body, byte for byte; a larger one is refused as soon as it shows, whatever its header said. */
async function readBytes(request: Request): Promise<Uint8Array> {
  const tooLarge = new Answer(413, 'too_large', `The body may have ${mostBytes} bytes.`);
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    size += chunk.value.length;
    if (size > mostBytes) {
      await reader?.cancel();
      throw tooLarge;
    }
    chunks.push(chunk.value);
  }
  return Buffer.concat(chunks);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
