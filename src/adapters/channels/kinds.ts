import type { ChannelKind } from '../../ports/channel.ts';

/**
 * What a kind of channel is for, beyond alerts. PagerDuty wakes people, so a digest is none of its business.
 */
export const channelTraits: Readonly<Record<ChannelKind, { takesDigest: boolean }>> = {
  slack: { takesDigest: true },
  slack_bot: { takesDigest: true },
  telegram: { takesDigest: true },
  whatsapp: { takesDigest: true },
  email: { takesDigest: true },
  web_push: { takesDigest: true },
  pagerduty: { takesDigest: false },
  webhook: { takesDigest: true },
};
