import { z } from 'zod';
import { accountAnswer, accountList, accountsQuery } from './account.ts';
import { alertList, alertsQuery } from './alert.ts';
import { apiError } from './api-error.ts';
import { collectingAnswer } from './collecting.ts';
import { eventList, eventsQuery } from './event.ts';
import { exportQuery } from './export.ts';
import { health } from './health.ts';
import { snapshotList, snapshotsQuery } from './snapshot.ts';
import { metaChallengeQuery, webhookAnswer } from './meta-webhook.ts';

/** The summary of one run; its figures differ by the kind of work. */
const cronAnswer = z.looseObject({});
/** A document that describes itself. */
const openApiAnswer = z.looseObject({ openapi: z.string() });

/** The answers by the name under which they stand in the document. */
export const answerShapes = {
  Health: health,
  AccountList: accountList,
  AccountAnswer: accountAnswer,
  SnapshotList: snapshotList,
  EventList: eventList,
  AlertList: alertList,
  CollectingAnswer: collectingAnswer,
  CronAnswer: cronAnswer,
  WebhookAnswer: webhookAnswer,
  OpenApi: openApiAnswer,
  Error: apiError,
} as const satisfies Record<string, z.ZodType>;

export interface ApiRoute {
  path: string;
  methods: readonly ('get' | 'post')[];
  summary: string;
  /** Longer advice for whoever calls it. */
  description?: string;
  /** Who is answered: anyone, a session or an API key, the scheduler with its secret, or Meta by its signature. */
  caller: 'anyone' | 'viewer' | 'scheduler' | 'meta';
  query?: z.ZodObject;
  answers: Readonly<Record<number, { words: string; shape: keyof typeof answerShapes | 'text' | 'csv' }>>;
}

const error = (words: string) => ({ words, shape: 'Error' }) as const;

const refusals = {
  401: error('No session and no valid API key'),
  403: error('The role may not'),
};

const cronRoutes = (['status', 'metrics', 'alerts', 'daily'] as const).map((kind): ApiRoute => ({
  path: `/api/cron/${kind}`,
  methods: ['get', 'post'],
  summary: {
    status: 'Read the status of every account',
    metrics: 'Read the figures of every account',
    alerts: 'Deliver the alerts that are due',
    daily: 'Do the work of the day',
  }[kind],
  caller: 'scheduler',
  answers: {
    200: { words: 'The run of this slot, summed up', shape: 'CronAnswer' },
    202: { words: 'The slot is already taken', shape: 'CronAnswer' },
    401: error('The secret is missing or wrong'),
    503: error('No secret is configured, or the run could not be made'),
  },
}));

const webhookRoutes: readonly ApiRoute[] = [
  {
    path: '/api/webhooks/meta',
    methods: ['get'],
    summary: "Answer Meta's question whether this address is ours",
    caller: 'anyone',
    query: metaChallengeQuery,
    answers: {
      200: { words: 'The challenge, as it came', shape: 'text' },
      403: error('The verify token is wrong or not configured'),
    },
  },
  {
    path: '/api/webhooks/meta',
    methods: ['post'],
    summary: 'Hear from Meta that something happened',
    description:
      'A notification is a hint: ArbHub reads the account and believes what that says. Repeats are harmless.',
    caller: 'meta',
    answers: {
      200: { words: 'Heard', shape: 'WebhookAnswer' },
      400: error('Signed, but no notification'),
      401: error('The signature is missing or wrong'),
      413: error('The body is larger than 1 MB'),
      503: error('No app secret is configured'),
    },
  },
];

/** What programs may call: the source of the OpenAPI document. */
export const apiRoutes: readonly ApiRoute[] = [
  {
    path: '/api/health',
    methods: ['get'],
    summary: 'Whether figures are fresh and messages go out',
    caller: 'anyone',
    answers: {
      200: { words: 'Status `ok`', shape: 'Health' },
      503: { words: 'Status `starting` or `stale`', shape: 'Health' },
    },
  },
  {
    path: '/api/v1/accounts',
    methods: ['get'],
    summary: 'List accounts, sorted by id',
    caller: 'viewer',
    query: accountsQuery,
    answers: {
      200: { words: 'One page', shape: 'AccountList' },
      400: error('A parameter cannot be read'),
      ...refusals,
    },
  },
  {
    path: '/api/v1/accounts/{id}',
    methods: ['get'],
    summary: 'Read one account',
    caller: 'viewer',
    answers: {
      200: { words: 'The account', shape: 'AccountAnswer' },
      ...refusals,
      404: error('There is no such account'),
    },
  },
  {
    path: '/api/v1/accounts/{id}/metrics',
    methods: ['get'],
    summary: 'Read the history of one account, oldest first',
    caller: 'viewer',
    query: snapshotsQuery,
    answers: {
      200: { words: 'The snapshots of the stretch', shape: 'SnapshotList' },
      400: error('A parameter cannot be read'),
      ...refusals,
      404: error('There is no such account'),
    },
  },
  {
    path: '/api/v1/export/metrics.csv',
    methods: ['get'],
    summary: 'History as CSV, for analysts and admins',
    description:
      'RFC 4180 in UTF-8, account by account, oldest first, written while it is read. Amounts are decimals in major units of ' +
      "the currency in its own column; unknown is an empty cell; text that a spreadsheet would take for a formula begins with '.",
    caller: 'viewer',
    query: exportQuery,
    answers: {
      200: { words: 'The file', shape: 'csv' },
      400: error('The query is wrong; the message says what to change'),
      ...refusals,
      429: error('Too many exports within an hour'),
    },
  },
  {
    path: '/api/v1/collecting',
    methods: ['get'],
    summary: 'How collecting does: connections, last cycles, detection, accuracy',
    caller: 'viewer',
    answers: { 200: { words: 'As it stands', shape: 'CollectingAnswer' }, ...refusals },
  },
  {
    path: '/api/v1/events',
    methods: ['get'],
    summary: 'List what changed, oldest first',
    description:
      'To follow: page on while there is a `next_cursor`; later ask with `since` a few minutes before the `as_of` of the ' +
      'last answer and skip the ids you have. An event can be written down some moments after its `detected_at`.',
    caller: 'viewer',
    query: eventsQuery,
    answers: {
      200: { words: 'One page', shape: 'EventList' },
      400: error('A parameter cannot be read'),
      ...refusals,
    },
  },
  {
    path: '/api/v1/alerts',
    methods: ['get'],
    summary: 'List alerts with what was sent of them, oldest first',
    description:
      'To follow: as with events, by `since` and the ids you have. A known alert can change its state.',
    caller: 'viewer',
    query: alertsQuery,
    answers: {
      200: { words: 'One page', shape: 'AlertList' },
      400: error('A parameter cannot be read'),
      ...refusals,
    },
  },
  ...cronRoutes,
  ...webhookRoutes,
  {
    path: '/api/openapi.json',
    methods: ['get'],
    summary: 'This document',
    caller: 'anyone',
    answers: { 200: { words: 'OpenAPI 3.1', shape: 'OpenApi' } },
  },
];
