import pino from 'pino';
import type { Log } from '../ports/log.ts';

const secrets: readonly [RegExp, string][] = [
  [/EAA[A-Za-z0-9]{8,}/g, '[token]'],
  [
    /((?:access_token|appsecret_proof|client_secret|input_token|fb_exchange_token)=)[^&\s"\\]+/g,
    '$1[secret]',
  ],
  [/(hooks\.slack\.com\/services\/)[^\s"\\]+/g, '$1[secret]'],
  [/(\/alerts\/act\/)[\w-]+/g, '$1[secret]'],
  [/(Bearer )[A-Za-z0-9._~+/=|-]{8,}/g, '$1[secret]'],
  // JSON Web Tokens: Supabase's older keys and everybody's access tokens; then its newer keys and what it renews them with.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\bsb_secret_[\w-]+/g, '[key]'],
  [/(refresh_token(?:\\?")?\s?[:=]\s?(?:\\?")?)[^\s"\\,&]+/g, '$1[secret]'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}/g, '[key]'],
  [/((?:Signature|Credential|X-Amz-Security-Token)=)[^\s&,"\\]+/g, '$1[secret]'],
  [/(secret_?access_?key(?:\\?")?\s?[:=]\s?(?:\\?")?)[^\s"\\,]+/gi, '$1[secret]'],
  [/(postgres(?:ql)?:\/\/[^:@/\s"]*:)[^@\s"]*@/g, '$1[secret]@'],
];

/** Takes out whatever looks like a secret. The one redactor of all sinks. */
function redact(line: string): string {
  return secrets.reduce((text, [pattern, stand]) => text.replace(pattern, stand), line);
}

/** A log of JSON lines into `write`; every line goes through the redactor. */
export function jsonLog(write: (line: string) => void): Log {
  const sink = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => write(redact(line)) },
  );
  return {
    info: (event, fields) => sink.info(fields ?? {}, event),
    warn: (event, fields) => sink.warn(fields ?? {}, event),
    error: (event, fields) => sink.error(fields ?? {}, event),
  };
}
