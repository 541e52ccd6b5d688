/** How one Slack channel is reached. The address is a secret: whoever has it can post. */
export interface SlackConfig {
  webhookUrl: string;
  /** Node's own unless given. */
  fetch?: typeof fetch;
}

/** Throws on an address that cannot be posted to; the message does not repeat it. */
export function parseWebhookUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    throw new Error('The Slack webhook address is not an http(s) address without credentials.');
  return url;
}
