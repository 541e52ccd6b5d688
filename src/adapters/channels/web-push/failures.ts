import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, outcomeOfStatus, retry, type Answer, type Unsent } from '../http.ts';

/**
 * How the services say that a subscription was made for another key pair than ours: Google, Apple, Mozilla.
 * https://developer.apple.com/documentation/usernotifications/sending-web-push-notifications-in-web-apps-and-browsers
 */
const otherKey =
  /do(es)? not correspond to the (credentials|sender ID)|VapidPkHashMismatch|"errno":\s*109\b/i;

/** What an answer means: RFC 8030, sections 5 and 7.3. */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { status, body } = answer;
  if (status >= 200 && status < 300)
    return body.trimStart().startsWith('<') ? retry(`HTTP ${status} with a page`, true) : { outcome: 'sent' };
  if (status === 404 || status === 410) return dead(`HTTP ${status}: the subscription is gone`, true);
  if (status === 413) return dead('HTTP 413: too large for the push service', false);
  if (status >= 400 && status < 404 && otherKey.test(body))
    return dead(`HTTP ${status}: the subscription is for another key pair`, true);
  return outcomeOfStatus(answer);
}
