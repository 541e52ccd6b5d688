import type { AlertMessage } from '../../../ports/channel.ts';
import { fitLine, headline, linkOf, repeatMark } from '../words.ts';
import type { WhatsappSettings } from './config.ts';

// A template's body holds 1,024 characters with its parameters, and the template's own words want some of
// them.
const longest = { title: 150, text: 600, link: 200 };

/**
 * The template's three parameters {{1}}, {{2}} and {{3}}: title, text and short id. Parameters must not be
 * empty nor hold new lines, tabs or more than four spaces in a row (error 132012, or 100 with those words).
 * https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
 */
export function whatsappMessage(
  message: AlertMessage,
  { to, template, language }: Pick<WhatsappSettings, 'to' | 'template' | 'language'>,
) {
  const link = linkOf(message);
  const page = link === null || link.length > longest.link ? '' : ` ${link}`;
  const text = repeatMark(message) + fitLine(message.text, longest.text) + page;
  const words = [fitLine(headline(message), longest.title), text.trim(), fitLine(message.shortId, 20)];
  const parameters = words.map((word) => ({ type: 'text', text: word === '' ? '–' : word }));
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to,
    type: 'template',
    template: {
      name: template,
      language: { code: language },
      components: [{ type: 'body', parameters }],
    },
    // Comes back in the status webhooks; at most 512 characters.
    biz_opaque_callback_data: message.deliveryKey.slice(0, 512),
  };
}
