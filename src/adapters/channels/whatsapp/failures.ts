import { z } from 'zod';
import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, jsonOf, outcomeOfStatus, pause, retry, type Answer, type Unsent } from '../http.ts';

// Codes and words: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. Status codes
// are not reliable there (3 comes with HTTP 500), so the code decides.

/**
 * Token, sending number, account or template: no message will get through until a person changes something.
 */
const goneChannel = new Map([
  [0, 'the token is not valid'],
  [3, 'the app lacks a permission'],
  [10, 'the app lacks a permission'],
  [33, 'the sending number is gone'],
  [190, 'the token has expired'],
  [368, 'the account is blocked for its policy violations'],
  [131005, 'the app lacks a permission'],
  [131021, 'sender and receiver are the same number'],
  [131030, 'the receiver is not on the list of the test number'],
  [131031, 'the account is locked'],
  [131042, 'the account has a payment problem'],
  [131045, 'the sending number is not registered'],
  [131050, 'the receiver has stopped these messages'],
  [132000, 'the template wants another number of parameters than three'],
  [132001, 'there is no such approved template in this language'],
  [132007, 'the template breaks a policy'],
  [132012, 'the template wants parameters of another form'],
  [132016, 'the template is disabled'],
  [133010, 'the sending number is not registered'],
]);

/** Only this message, so far as anybody can tell; the next may get through. */
const refusedMessage = new Map([
  [100, 'a parameter was refused'],
  [130472, 'the receiver is part of an experiment'],
  [130497, 'the receiver is in a country that is not served'],
  [131008, 'a parameter was missing'],
  [131009, 'a parameter was refused'],
  [131026, 'the receiver cannot be reached by WhatsApp'],
  [131047, 'more than 24 hours since the receiver wrote'],
  [131049, 'Meta keeps it back for the sake of the receiver'],
  [131051, 'the type of message is not supported'],
  [132005, 'the text is too long for the template'],
  // A pause lasts hours, and others hear of the alert at once when the message is given up.
  [132015, 'the template is paused'],
]);

const minuteMs = 60_000;
/**
 * How long the whole channel waits; Meta tells no time. 131056 is for one pair of numbers, and six seconds
 * are enough.
 */
const pauseMs = new Map([
  [4, minuteMs],
  [80007, minuteMs],
  [130429, minuteMs],
  [131048, 15 * minuteMs],
  [131056, 6_000],
]);

const passing = new Map([
  [1, true],
  [2, true],
  [131000, true],
  [131016, true],
  [131057, false],
  [133004, true],
]);

const shape = z.union([
  z.object({ error: z.object({ code: z.int(), error_subcode: z.int().optional().catch(undefined) }) }),
  z.object({ messages: z.tuple([z.object({ id: z.string() })]).rest(z.unknown()) }),
]);

/** What an answer means; `ref` is WhatsApp's id of the message, by which the status webhooks name it. */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { data } = shape.safeParse(jsonOf(answer));
  if (data === undefined) return outcomeOfStatus(answer);
  if ('messages' in data)
    return answer.status < 300 ? { outcome: 'sent', ref: data.messages[0].id } : outcomeOfStatus(answer);
  const { code, error_subcode: subcode } = data.error;
  const waitMs = pauseMs.get(code);
  if (waitMs !== undefined) return pause(`error ${code}`, waitMs);
  // 33 as a subcode of 100: the number's id does not exist, or the token may not see it.
  const gone = code === 100 && subcode === 33 ? goneChannel.get(33) : goneChannel.get(code);
  if (gone !== undefined) return dead(`error ${code}: ${gone}`, true);
  if (code >= 200 && code <= 299) return dead(`error ${code}: the app lacks a permission`, true);
  const refused = refusedMessage.get(code);
  if (refused !== undefined) return dead(`error ${code}: ${refused}`, false);
  const isInDoubt = passing.get(code);
  if (isInDoubt !== undefined) return retry(`error ${code}`, isInDoubt);
  const outcome = outcomeOfStatus(answer);
  return { ...outcome, reason: `${outcome.reason}, error ${code}` };
}
