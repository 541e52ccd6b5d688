import type { Letter, Letters } from '../../ports/letters.ts';
import type { MembersDeps } from './members-deps.ts';

/** What the verbs need that hand out links. */
export interface LettersDeps extends MembersDeps {
  /** Null where there is no mail server. */
  letters: Letters | null;
  config: { appUrl: URL };
}

/** A link that works once. Told to whoever asked only where no mail could carry it; `problem` says why. */
export type HandedLink = { isSent: true } | { isSent: false; link: string; problem: string };

/** Sends a link by mail, or hands it back where that cannot be done. */
export async function handOver(deps: LettersDeps, letter: Letter, link: string): Promise<HandedLink> {
  if (deps.letters === null) return { isSent: false, link, problem: 'There is no mail server.' };
  const sent = await deps.letters.send(letter);
  if (sent.isSent) return sent;
  deps.log.warn('letter not sent', { subject: letter.subject, problem: sent.problem });
  return { isSent: false, link, problem: `The mail server did not take the mail: ${sent.problem}.` };
}
