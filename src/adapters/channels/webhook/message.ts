import { createHmac } from 'node:crypto';
import type { AlertMessage } from '../../../ports/channel.ts';
import { fit, headline, linkOf } from '../words.ts';

const longest = { title: 1_000, text: 10_000, label: 200, value: 2_000, fields: 100 };

/** All that is known of the alert; machines read this, so nothing is escaped and names stay as they are. */
export function webhookBody(message: AlertMessage): string {
  return JSON.stringify({
    version: 1,
    deliveryKey: message.deliveryKey,
    incidentKey: message.incidentKey,
    purpose: message.purpose,
    isPossibleRepeat: message.isPossibleRepeat,
    alert: {
      shortId: message.shortId,
      severity: message.severity,
      title: fit(headline(message), longest.title),
      text: fit(message.text, longest.text),
      fields: message.fields.slice(0, longest.fields).map(({ label, value }) => ({
        label: fit(label, longest.label),
        value: fit(value, longest.value),
      })),
      openedAt: new Date(message.openedAt).toISOString(),
      link: linkOf(message),
    },
  });
}

/** By these a receiver knows who sent it, when (seconds since 1970), and whether he has had it already. */
export function webhookHeaders(
  body: string,
  { deliveryKey, secret, sentAt }: { deliveryKey: string; secret: string; sentAt: number },
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return {
    'x-arbhub-delivery': deliveryKey,
    'x-arbhub-timestamp': timestamp,
    'x-arbhub-signature': `sha256=${signature}`,
    'user-agent': 'ArbHub',
  };
}
