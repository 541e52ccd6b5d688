import type { AlertMessage, Channel, SendOutcome } from '../../../ports/channel.ts';
import { parseWebhookUrl, type SlackConfig } from './config.ts';
import { outcomeOfAnswer, outcomeOfError } from './failures.ts';
import { slackMessage } from './message.ts';

/** Slack's answers are a word; of anything longer the beginning is enough. */
const longestBody = 512;

/** A Slack incoming webhook as a channel. Throws on an address that is none. */
export function slackChannel({ webhookUrl, fetch: send = fetch }: SlackConfig): Channel {
  const url = parseWebhookUrl(webhookUrl);
  return {
    spacingMs: 1_000,
    async send(message: AlertMessage, signal: AbortSignal): Promise<SendOutcome> {
      let response: Response;
      try {
        response = await send(url, {
          method: 'POST',
          // A kept connection may be closed by Slack just as we write: a doubt that a fresh one does not raise.
          headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
          body: JSON.stringify(slackMessage(message)),
          redirect: 'manual',
          signal,
        });
      } catch (error) {
        return outcomeOfError(error, signal.aborted);
      }
      const body = await readBeginning(response);
      return outcomeOfAnswer({ status: response.status, headers: response.headers, body });
    },
  };
}

/** Up to `longestBody` bytes as text; what cannot be read any more is left out, for the status has been told already. */
async function readBeginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > longestBody) break;
    }
    await reader.cancel();
  } catch {
    return text;
  }
  return text;
}
