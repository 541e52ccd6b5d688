import { z } from 'zod';
import { account } from './account.ts';
import { alert } from './alert.ts';
import { answerShapes, apiRoutes, type ApiRoute } from './api-routes.ts';
import { event } from './event.ts';
import { money } from './units.ts';

type Json = Record<string, unknown>;

const refTo = (name: string) => `#/components/schemas/${name}`;

/** The API as OpenAPI 3.1, made of the table of routes and of the shapes that check requests and answers. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const route of apiRoutes)
    paths[route.path] = {
      ...paths[route.path],
      ...Object.fromEntries(route.methods.map((method) => [method, operation(route, method)])),
    };
  return {
    openapi: '3.1.0',
    info: {
      title: 'ArbHub',
      version: '1',
      description:
        "Money is an integer in minor units of the account's own currency. Unknown is null, never 0. Times are ISO 8601 " +
        'in UTC. Percentages are numbers, 100 = the whole. A signed-in session is answered as an API key is.',
    },
    // Relative to this document, so that it is right behind any address.
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        viewer: { type: 'http', scheme: 'bearer', description: 'An API key of ArbHub.' },
        scheduler: { type: 'http', scheme: 'bearer', description: 'CRON_SECRET.' },
        meta: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Hub-Signature-256',
          description: '`sha256=` and the HMAC-SHA256 of the body under META_APP_SECRET, in hex.',
        },
      },
    },
  };
}

function operation(route: ApiRoute, method: string): Json {
  const words = route.path
    .replaceAll(/[{}]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return {
    operationId: [method, ...words.slice(1)].join('_'),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: route.caller === 'anyone' ? [] : [{ [route.caller]: [] }],
    parameters: [...pathParameters(route.path), ...(route.query ? queryParameters(route.query) : [])],
    responses: Object.fromEntries(
      Object.entries(route.answers).map(([status, { words: description, shape }]) => [
        status,
        { description, content: contentOf(shape) },
      ]),
    ),
  };
}

/** Answers that are no JSON, by their shape. */
const plainTypes: Readonly<Record<string, string>> = { text: 'text/plain', csv: 'text/csv' };

function contentOf(shape: string): Json {
  const type = plainTypes[shape];
  return type !== undefined
    ? { [type]: { schema: { type: 'string' } } }
    : { 'application/json': { schema: { $ref: refTo(shape) } } };
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^act_[0-9]{1,20}$' },
  }));
}

/** Every parameter of a query may be left out. */
function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input', override: withoutDatePattern });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Json;
    return {
      name,
      in: 'query',
      required: false,
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

function componentSchemas(): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  const parts = { Account: account, Alert: alert, Event: event, Money: money };
  for (const [id, shape] of Object.entries({ ...answerShapes, ...parts })) registry.add(shape, { id });
  // As input, because a closed object would make clients refuse an answer that has gained a field.
  const options = { io: 'input', uri: refTo, override: withoutDatePattern } as const;
  const { schemas } = z.toJSONSchema(registry, options);
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _draft, $id: _id, ...schema }]) => [name, schema]),
  );
}

/** `format` says it; the pattern that checks it is a line long. */
function withoutDatePattern({ jsonSchema }: { jsonSchema: Json }): void {
  if (jsonSchema['format'] === 'date-time' || jsonSchema['format'] === 'date') delete jsonSchema['pattern'];
}
