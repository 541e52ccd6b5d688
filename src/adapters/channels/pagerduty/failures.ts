import { z } from 'zod';
import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, jsonOf, outcomeOfStatus, type Answer, type Unsent } from '../http.ts';

const shape = z.object({
  status: z.string(),
  message: z.string().optional().catch(undefined),
  errors: z.array(z.string()).optional().catch(undefined),
});

/** What an answer means: https://developer.pagerduty.com/docs/events-api-v2/overview, "Response codes". */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { data } = shape.safeParse(jsonOf(answer));
  if (answer.status === 202 || (answer.status === 200 && data?.status === 'success'))
    return data === undefined ? outcomeOfStatus(answer) : { outcome: 'sent' };
  if (answer.status !== 400 || data?.status !== 'invalid event') return outcomeOfStatus(answer);
  const words = [data.message, ...(data.errors ?? [])].join(' ');
  return /routing[_ ]key|(service|integration) key/i.test(words)
    ? dead('the integration key is not valid', true)
    : dead('the event was refused', false);
}
