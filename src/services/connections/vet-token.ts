import { lacksReading, type TokenFacts } from '../../domain/token-life.ts';
import type { TokenOffice } from '../../ports/token-office.ts';
import type { Wish } from '../members/members-deps.ts';

/** A token that may be stored. Where Meta could not be asked, `facts` is null and `unchecked` says why. */
export interface Vetted {
  token: string;
  facts: TokenFacts | null;
  unchecked: string | null;
}

const longestToken = 2000;

/** Looks at a token before it is stored: a dead one, and one that may not read, are refused. No problem quotes it. */
export async function vetToken(
  office: TokenOffice,
  given: string,
  signal: AbortSignal,
): Promise<Wish<Vetted>> {
  const token = given.trim();
  if (token === '') return no('There is no token: give it on standard input.');
  if (token.length > longestToken || !/^[\x21-\x7e]+$/.test(token))
    return no('This is no token: it is one word of letters, digits and signs.');
  const answer = await office.inspect(token, signal);
  if (!answer.ok) {
    const { kind, detail } = answer.failure;
    if (kind === 'config') return no(`Meta refuses the settings of this installation: ${detail}`);
    return { isDone: true, value: { token, facts: null, unchecked: detail } };
  }
  const facts = answer.value;
  if (!facts.isValid) return no(`Meta refuses this token: ${facts.problem ?? 'no reason given'}.`);
  if (lacksReading(facts))
    return no('This token lacks the permission ads_read: give it to the system user and make a new token.');
  return { isDone: true, value: { token, facts, unchecked: null } };
}

function no(problem: string): { isDone: false; problem: string } {
  return { isDone: false, problem };
}
