import type { AlertMessage, Purpose } from '../../../ports/channel.ts';
import { fit, fitLine, headline, linkOf } from '../words.ts';

const actions: Record<Exclude<Purpose, 'digest'>, 'trigger' | 'acknowledge' | 'resolve'> = {
  opened: 'trigger',
  test: 'trigger',
  repeat: 'trigger',
  escalated: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

// The summary may have 1,024 characters and the whole event 512 KB.
const longest = { title: 250, text: 700, label: 100, value: 1_000, fields: 50 };

/**
 * One event: https://developer.pagerduty.com/docs/events-api-v2/trigger-events. The key names the incident,
 * so a repeat of an event changes nothing, and none is marked as one.
 */
export function pagerdutyEvent(
  message: AlertMessage & { purpose: Exclude<Purpose, 'digest'> },
  { routingKey, appUrl }: { routingKey: string; appUrl: string },
) {
  const { severity, openedAt, shortId, fields } = message;
  const action = actions[message.purpose];
  const event = {
    routing_key: routingKey,
    event_action: action,
    dedup_key: message.incidentKey.slice(0, 255),
  };
  if (action !== 'trigger') return event;
  const link = linkOf(message);
  const text = fitLine(message.text, longest.text);
  return {
    ...event,
    client: 'ArbHub',
    client_url: appUrl,
    links: link === null ? [] : [{ href: link, text: 'Open in ArbHub' }],
    payload: {
      summary: `${fitLine(headline(message), longest.title)}: ${text} [${fitLine(shortId, 20)}]`,
      source: new URL(appUrl).host,
      severity,
      timestamp: new Date(openedAt).toISOString(),
      component: 'Facebook ad accounts',
      custom_details: Object.fromEntries(
        fields
          .slice(0, longest.fields)
          .map(({ label, value }) => [fitLine(label, longest.label), fit(value, longest.value)]),
      ),
    },
  };
}
