/** Request bodies: forms, JSON, and the access token wherever it is sent. */
import type { IncomingMessage } from 'node:http';

const MAX_BYTES = 8 * 1024 * 1024;

export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > MAX_BYTES) throw new Error('The body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Query and body as one list of parameters; in a JSON body, what is not text is written as JSON. */
export function parameters(query: URLSearchParams, contentType: string, body: string): URLSearchParams {
  const all = new URLSearchParams(query);
  if (body === '') return all;
  if (!contentType.includes('json')) {
    for (const [name, value] of new URLSearchParams(body)) all.set(name, value);
    return all;
  }
  const parsed = parseObject(body);
  for (const [name, value] of Object.entries(parsed ?? {})) {
    all.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return all;
}

/** A JSON object, or undefined when the text is something else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the token out of the parameters, or from the Authorization header. */
export function takeToken(params: URLSearchParams, authorization: string | undefined): string {
  const named = params.get('access_token');
  params.delete('access_token');
  const [, bearer] = /^(?:Bearer|OAuth)\s+(\S+)\s*$/i.exec(authorization ?? '') ?? [];
  return named ?? bearer ?? '';
}
