import type { Result } from '../domain/observation.ts';
import type { TokenFacts } from '../domain/token-life.ts';

/** Where tokens are looked at and exchanged. No answer and no failure ever holds a token or the app's secret. */
export interface TokenOffice {
  /** Whether the app's own id and secret are set: without them expiries stay unknown and nothing can be renewed. */
  readonly knowsApp: boolean;
  /** What there is to know of a token. A dead token is an answer; a failure says that nothing could be learnt. */
  inspect(token: string, signal: AbortSignal): Promise<Result<TokenFacts>>;
  /** A new token in exchange; the old one lives on until its own end. */
  renew(token: string, signal: AbortSignal): Promise<Result<string>>;
}
