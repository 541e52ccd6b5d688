import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, outcomeOfStatus, type Answer, type Unsent } from '../http.ts';

/**
 * What an answer means. Any 2xx is a yes, whatever stands in its body; 410 is the only no that names itself
 * final.
 */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'sent' };
  if (status === 410) return dead('HTTP 410: the receiver is gone', true);
  if (status === 413) return dead('HTTP 413: too large for the receiver', false);
  return outcomeOfStatus(answer);
}
