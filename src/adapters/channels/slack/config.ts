import { z } from 'zod';

/** What an operator enters: the address that Slack shows for the incoming webhook. */
export const slackSettings = z.strictObject({
  webhookUrl: z.string({ error: 'must be the address that Slack shows for the incoming webhook' }),
});

/** Where Slack's incoming webhooks are; the second is Slack's for the government of the United States. */
export const slackHosts = ['hooks.slack.com', 'hooks.slack-gov.com'];

/** Throws on an address that cannot be posted to; the message does not repeat it. */
export function parseWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw new Error('The Slack webhook address is not an http(s) address without credentials.');
  return url;
}
