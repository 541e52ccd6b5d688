import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiRoutes } from './api-routes.ts';
import { openApiDocument } from './openapi.ts';

type Json = Record<string, unknown>;
const document = openApiDocument() as {
  openapi: string;
  info: Json;
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

function every(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === key ? [inner] : every(key, inner)));
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 with a title, a version and every route of the table', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: 'ArbHub', version: expect.any(String) });
    const table = apiRoutes.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`));
    expect(operations.map(({ path, method }) => `${method} ${path}`)).toEqual(table);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('names each operation once', () => {
    const names = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_]+$/);
  });

  it('refers only to what it holds, and holds only what is referred to', () => {
    const references = new Set(every('$ref', document));
    expect(references).toEqual(
      new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)),
    );
    const schemes = new Set(
      every('security', document).flatMap((list) => (list as Json[]).flatMap(Object.keys)),
    );
    expect(schemes).toEqual(new Set(Object.keys(document.components.securitySchemes)));
  });

  it('describes each answer, and each variable of a path', () => {
    for (const { path, operation } of operations) {
      for (const [status, answer] of Object.entries(operation['responses'] as Record<string, Json>)) {
        expect(status).toMatch(/^[2-5]\d\d$/);
        expect(answer['description'], path).toEqual(expect.any(String));
      }
      const variables = (operation['parameters'] as Json[]).filter((one) => one['in'] === 'path');
      expect(variables.map((one) => `{${String(one['name'])}}`)).toEqual(path.match(/\{[a-z]+\}/g) ?? []);
      for (const one of variables) expect(one['required']).toBe(true);
    }
  });

  it('lists the filters of a route with their types', () => {
    const parameters = document.paths['/api/v1/accounts']?.['get']?.['parameters'] as Json[];
    expect(parameters.map((one) => one['name'])).toEqual([
      'vendor',
      'state',
      'q',
      'connection',
      'limit',
      'cursor',
    ]);
    expect(parameters[4]).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 },
    });
  });

  it('says who is answered', () => {
    const callers = operations.map(({ path, operation }) => [path, every('security', operation)] as const);
    expect(Object.fromEntries(callers)).toMatchObject({
      '/api/health': [[]],
      '/api/v1/accounts': [[{ viewer: [] }]],
      '/api/cron/status': [[{ scheduler: [] }]],
    });
  });

  it('knows every public route that exists', () => {
    const files = readdirSync(new URL('../app/api', import.meta.url), { recursive: true, encoding: 'utf8' });
    const existing = files
      .filter((file) => /^(v1|cron|webhooks|health|openapi\.json)\/(.*\/)?route\.ts$/.test(file))
      .map((file) => `/api/${file.replace(/\/route\.ts$/, '').replaceAll(/\[([a-z]+)\]/g, '{$1}')}`);
    expect(existing).toContain('/api/v1/accounts/{id}');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(existing));
  });
});
