import { z } from 'zod';
import type { Severity } from '../domain/alert.ts';

/** Ways to reach people, as admins see them. Nothing here is secret. Instants are epoch ms. */
export interface ChannelView {
  name: string;
  kind: string;
  /** What may be shown of how it is reached; null: the settings of the server say it. */
  shown: string | null;
  severity: Severity;
  /** Null = all. */
  kinds: readonly string[] | null;
  vendors: readonly string[] | null;
  /** The vendor whose own it is. */
  ownVendor: string | null;
  /** E-mail of the member whose quiet hours count. */
  member: string | null;
  level: number;
  /** Since when nothing is sent by it, and why; null while it is used. */
  offAt: number | null;
  offReason: string | null;
  lastSentAt: number | null;
  lastError: string | null;
  lastErrorAt: number | null;
  lastTookMs: number | null;
}

export interface ChannelsView {
  channels: readonly ChannelView[];
  vendors: readonly string[];
  members: readonly string[];
}

/** One setting of a kind, as a form asks for it. */
interface ChannelField {
  name: string;
  words: string;
  /** Typed like a password, never shown again. */
  isSecret?: boolean;
  example?: string;
}

/** The kinds that an admin can add, with what each needs. A browser adds itself, on its member's own page. */
export const channelForms = {
  slack: {
    title: 'Slack, incoming webhook',
    help: 'In Slack: your app, Incoming Webhooks, Add New Webhook.',
    fields: [{ name: 'webhookUrl', words: 'Webhook address', isSecret: true }],
  },
  slack_bot: {
    title: 'Slack, bot',
    help: 'A bot with chat:write that is in the channel; with channels:history it never repeats itself.',
    fields: [
      { name: 'token', words: 'Bot token', isSecret: true },
      { name: 'channel', words: 'Channel id', example: 'C0123456789' },
    ],
  },
  telegram: {
    title: 'Telegram',
    help: '@BotFather makes the bot; add it to the group or channel.',
    fields: [
      { name: 'botToken', words: 'Bot token', isSecret: true },
      { name: 'chatId', words: 'Chat number, or @name of a public channel', example: '-1001234567890' },
    ],
  },
  whatsapp: {
    title: 'WhatsApp',
    help: 'A number of the WhatsApp Cloud API and an approved template with three variables.',
    fields: [
      { name: 'phoneNumberId', words: 'Id of the sending number', example: '123456789012345' },
      { name: 'token', words: 'Access token', isSecret: true },
      { name: 'to', words: 'Receiver', example: '+15551234567' },
      { name: 'template', words: 'Template', example: 'arbhub_alert' },
      { name: 'language', words: 'Language of the template', example: 'en' },
    ],
  },
  email: {
    title: 'E-mail',
    help: 'The mail server is in the settings: SMTP_URL and MAIL_FROM.',
    fields: [{ name: 'to', words: 'Addresses, with commas between them', example: 'ops@example.com' }],
  },
  pagerduty: {
    title: 'PagerDuty',
    help: 'A service with the integration Events API v2.',
    fields: [{ name: 'routingKey', words: 'Integration key', isSecret: true }],
  },
  webhook: {
    title: 'Webhook',
    help: 'A program of your own; each message is signed with the secret.',
    fields: [
      { name: 'url', words: 'Address', example: 'https://hooks.example.com/arbhub' },
      { name: 'secret', words: 'Secret, 16 characters or more', isSecret: true },
    ],
  },
} as const satisfies Record<string, { title: string; help: string; fields: readonly ChannelField[] }>;
export type ChannelFormKind = keyof typeof channelForms;
export const channelFormKinds = Object.keys(channelForms) as ChannelFormKind[];

/** What a kind needs, as a form asks for it. */
export function fieldsOf(kind: ChannelFormKind): readonly ChannelField[] {
  return channelForms[kind].fields;
}

/** The settings of a kind as its adapter takes them. */
export function settingsOf(kind: ChannelFormKind, typed: Readonly<Record<string, string>>): object {
  const settings = Object.fromEntries(fieldsOf(kind).map(({ name }) => [name, (typed[name] ?? '').trim()]));
  if (kind !== 'email') return settings;
  return { to: (typed['to'] ?? '').split(/[\s,;]+/).filter((address) => address !== '') };
}

const name = z.string().trim().min(1).max(100);
/** Several values of one field, a line each; the empty text is an empty list. */
const lines = z
  .string()
  .max(20_000)
  .transform((text) => text.split('\n').filter((line) => line !== ''));

export const channelForm = z.object({ name });
export const channelRemovalForm = z.object({ name, confirmed: z.string().trim() });
export const hearingForm = z.object({
  name,
  severity: z.string().max(20),
  kinds: lines,
  vendors: lines,
  ownVendor: z.string().max(100),
  member: z.string().max(320),
  level: z.coerce.number().int(),
});
export const newChannelForm = z
  .object({ name, kind: z.enum(channelFormKinds), severity: z.string().max(20) })
  .catchall(z.string().max(4000));
export const channelPreviewForm = z.object({ account: z.string().trim().max(40) });
